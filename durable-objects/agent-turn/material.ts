import type { ModelRequest } from "../../workers/models/client.ts";
import type { AgentHost } from "./agent-host.ts";
import { CAPSULE_CALL } from "./turn-tools.ts";

/** The tables and documents an agent is told of: those of the run's workspace, when it has a tool to use them with. */
export async function materialFor(
  { env, scope }: AgentHost,
  tools: readonly string[] | undefined,
): Promise<Pick<ModelRequest, "datasets" | "documents">> {
  const canUse =
    tools === undefined || tools.some((tool) => tool === CAPSULE_CALL || tool.startsWith("data.") || tool.startsWith("documents."));
  if (!canUse) return { datasets: [], documents: [] };
  const workspace = env.DATA_WORKSPACE.getByName(`${scope.principal.tenant}/${scope.workspace}`);
  return { datasets: await workspace.datasets(), documents: await workspace.documents() };
}
