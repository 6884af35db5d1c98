import { type Component, componentsIn, type Report } from "./component.ts";

/** What an agent or a team keeps of its model client. */
export interface ModelChoice {
  readonly model?: string;
  readonly temperature?: number;
}

const CONNECTION =
  "which server answers, with which credential, is the operator's setting (SOMA_MODEL_BASE_URL, SOMA_MODEL_API_KEY) and not part of a template";
const CONNECTION_MEMBERS = [
  "api_key",
  "base_url",
  "organization",
  "azure_endpoint",
  "azure_deployment",
  "azure_ad_token",
  "azure_ad_token_provider",
  "api_version",
  "endpoint",
  "credential",
  "bedrock_info",
  "host",
  "default_headers",
  "timeout",
  "max_retries",
] as const;

/** The model a component asks for. The run uses it when the operator's settings offer it, and says which model answered. */
export function modelOf(owner: Component, to: string, report: Report, mayHaveTemperature: boolean): ModelChoice {
  const [client] = componentsIn(owner, "model_client", report);
  if (client === undefined) return {};
  if (client.kind === "ChatCompletionCache") {
    const inner = modelOf(
      { ...client, open: (member) => client.open(member === "model_client" ? "client" : member) },
      to,
      report,
      mayHaveTemperature,
    );
    client.close();
    return inner;
  }
  const model = client.takeText("model", `${to}.model`) ?? client.takeText("model_path", `${to}.model`);
  const temperature = mayHaveTemperature ? client.takeNumber("temperature", `${to}.temperature`) : undefined;
  for (const member of CONNECTION_MEMBERS) client.leave(member, CONNECTION);
  client.leave("model_info", "what a model can do is known where it is connected");
  client.close();
  return {
    ...(model === undefined ? {} : { model: model.slice(0, 200) }),
    ...(temperature === undefined ? {} : { temperature: Math.min(2, Math.max(0, temperature)) }),
  };
}
