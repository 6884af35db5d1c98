import { text } from "node:stream/consumers";
import { must, somaClient } from "../../sdk/client.ts";
import { defineCommand } from "../command.ts";
import { findConnection } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { checkedLogin, forgetLogin, keepLogin, type Login } from "../login.ts";
import type { Output } from "../output.ts";
import { shownShort } from "../output.ts";
import { ask, askSecret } from "../prompt.ts";

export const login = defineCommand({
  name: "login",
  summary: "Remember a platform and a key for the commands that follow.",
  options: {
    url: { type: "string", value: "URL", about: "the platform's address; asked for when it is not given" },
    key: { type: "string", value: "KEY", about: "an API key, or - to read it from standard input; asked for when it is not given" },
  },
  examples: ["soma login --url https://soma.example.com", "soma login --url http://127.0.0.1:8787 --key - < key.txt"],
  notes: "The key is checked, then kept in ~/.config/somaagent/login.json (or XDG_CONFIG_HOME), which only you may read.",
  run: async ({ options, output, signal }) => {
    const url = options.url ?? (await asked(output, "--url", () => ask("Address of the platform: ", signal)));
    const apiKey =
      options.key === "-"
        ? await text(process.stdin)
        : (options.key ?? (await asked(output, "--key", () => askSecret("API key: ", signal))));
    const wanted: Login = checkedLogin({ url: url.trim().replace(/\/+$/, ""), apiKey: apiKey.trim() }, "--url");
    const tenant = await must(somaClient(wanted).api.GET("/v1/tenants/current", { signal }));
    const file = keepLogin(wanted);
    output.result({ url: wanted.url, tenant, file }, `Logged in to ${shownShort(tenant.name, 100)} (${tenant.id}) at ${wanted.url}.`);
    return EXIT.ok;
  },
});

async function asked(output: Output, option: string, question: () => Promise<string | undefined>): Promise<string> {
  if (!output.canAsk) throw new UsageError(`${option} is missing, and nobody can be asked for it here.`);
  const answer = (await question())?.trim() ?? "";
  if (answer === "") throw new UsageError(`${option} is missing.`);
  return answer;
}

export const logout = defineCommand({
  name: "logout",
  summary: "Forget the remembered platform and key. The key itself stays valid: soma keys revoke ends it.",
  options: {},
  examples: ["soma logout"],
  run: async ({ output }) => {
    const isForgotten = forgetLogin();
    output.result({ forgotten: isForgotten }, isForgotten ? "Logged out." : "Nobody was logged in.");
    return EXIT.ok;
  },
});

export const whoami = defineCommand({
  name: "whoami",
  summary: "Tell which platform and tenant the commands talk to, and how that was found.",
  options: {},
  examples: ["soma whoami", "soma whoami --json"],
  run: async ({ output, signal }) => {
    const connection = await findConnection();
    if (connection === undefined) {
      output.result({ url: null }, "There is no platform to talk to: log in with soma login, or start one here with npm start.");
      return EXIT.usage;
    }
    const { url, source } = connection;
    const tenant = await must(somaClient(connection).api.GET("/v1/tenants/current", { signal }));
    output.result({ url, tenant, source }, `${shownShort(tenant.name, 100)} (${tenant.id}) at ${url}, by ${source}`);
    return EXIT.ok;
  },
});
