import { z } from "zod";
import type { CompileOptions } from "../adapter.ts";
import { type Component, componentsIn, type Report } from "./component.ts";

const bindingSchema = z.looseObject({ tools: z.record(z.string(), z.string()).default({}) });

/** What tools of a team become: those of the platform, by what a binding says or by what they plainly are. */
export interface ToolBinding {
  readonly known: ReadonlySet<string>;
  readonly bound: Readonly<Record<string, string>>;
}

/** The binding of tools: `tools: {<name in AutoGen>: <id of a tool here>}`. */
export function toolBinding({ binding, tools }: CompileOptions): ToolBinding {
  const parsed = bindingSchema.safeParse(binding?.value);
  return { known: tools, bound: parsed.success ? parsed.data.tools : {} };
}

/** Tools that do the same here, by the names their makers give them. */
const PLAINLY: readonly (readonly [RegExp, string])[] = [
  [/^(fetch|get|read|load|visit|open)_?(web_?)?(page|url|site|website|webpage|http)s?(_content)?$/i, "http.fetch"],
  [/^http_?(get|fetch|request)$/i, "http.fetch"],
];

/** The ids of the tools that an agent's tools and workbenches are here; those that have none are reported one by one. */
export function toolsOf(agent: Component, to: string, binding: ToolBinding, report: Report): string[] {
  const tools = componentsIn(agent, "tools", report).flatMap((tool) => toolOf(tool, to, binding));
  const benches = componentsIn(agent, "workbench", report).flatMap((bench) => workbenchTools(bench, to, binding, report));
  return [...new Set([...tools, ...benches])];
}

function workbenchTools(bench: Component, to: string, binding: ToolBinding, report: Report): string[] {
  if (bench.kind !== "StaticWorkbench" && bench.kind !== "StaticStreamWorkbench") {
    bench.lost(
      bench.kind === "McpWorkbench"
        ? "the tools of an MCP server are not known from the file; bind those that are needed to tools here"
        : "this kind of workbench has no counterpart here",
    );
    return [];
  }
  const found = componentsIn(bench, "tools", report).flatMap((tool) => toolOf(tool, to, binding));
  bench.leave("tool_overrides", "tools here keep their own names and descriptions");
  bench.close();
  return found;
}

/** The tool that a tool component is here, as a list of one or none. */
function toolOf(tool: Component, to: string, { known, bound }: ToolBinding): string[] {
  const asked = bound[tool.name];
  const id = asked ?? PLAINLY.find(([name]) => tool.kind === "FunctionTool" && name.test(tool.name))?.[1];
  if (id !== undefined && known.has(id)) {
    tool.became(`${to}: ${id}`);
    return [id];
  }
  tool.lost(asked === undefined ? whyNot(tool.kind) : `the binding names ${asked}, which is no tool here`);
  return [];
}

function whyNot(kind: string): string {
  switch (kind) {
    case "FunctionTool":
      return "its Python source does not run here; bind it to a tool of the platform (binding: tools)";
    case "PythonCodeExecutionTool":
      return "Python code is not executed here";
    case "AgentTool":
    case "TeamTool":
      return "an agent or team as a tool has no counterpart; make it a participant, or a team with a manager";
    case "HttpTool":
      return "a request with a fixed address is not made here; bind it to http.fetch (binding: tools)";
    default:
      return "this kind of tool has no counterpart here; bind it to a tool of the platform (binding: tools)";
  }
}
