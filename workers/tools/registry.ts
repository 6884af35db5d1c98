import { Problem } from "../platform/problem.ts";
import { artifactTools } from "./artifacts/tools.ts";
import { dataTools } from "./data/tools.ts";
import { httpTools } from "./http/tools.ts";
import { memoryTools } from "./memory/tools.ts";
import { projectTools } from "./project/tools.ts";
import type { RegisteredTool } from "./tool.ts";
import { valueTools } from "./value/tools.ts";

const tools: ReadonlyMap<string, RegisteredTool> = new Map(
  [...artifactTools, ...dataTools, ...httpTools, ...memoryTools, ...projectTools, ...valueTools].map((tool) => [tool.id, tool]),
);

/** Every tool there is, by id. */
export function listTools(): readonly RegisteredTool[] {
  return [...tools.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** @throws Problem `not-found` */
export function findTool(id: string): RegisteredTool {
  const tool = tools.get(id);
  if (tool === undefined) throw new Problem("not-found", `There is no tool ${id}; GET /v1/tools lists them.`);
  return tool;
}
