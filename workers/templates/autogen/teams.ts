import { z } from "zod";
import { literal } from "../../mao/expression.ts";
import type { Json } from "../../platform/canonical-json.ts";
import type { Reading } from "./agents.ts";
import { type Component, componentsIn } from "./component.ts";
import { modelOf } from "./models.ts";
import { STOP_SIGNAL, terminationOf } from "./terminations.ts";

/** Turns that one team may take here. */
const MAX_TURNS = 500;

/** A team as a step has it. */
export interface MadeTeam {
  readonly pattern: string;
  /** What the step takes, but for its task. */
  readonly with: Record<string, Json>;
}

const edgeSchema = z.looseObject({
  target: z.string(),
  condition: z.string().nullish(),
  activation_group: z.string().nullish(),
  activation_condition: z.enum(["all", "any"]).nullish(),
});
const flowSchema = z.looseObject({
  nodes: z.record(
    z.string(),
    z.looseObject({ name: z.string().optional(), edges: z.array(edgeSchema).default([]), activation: z.string().nullish() }),
  ),
  default_start_node: z.string().nullish(),
});

/**
 * A team component as a step's pattern and inputs; undefined when it is no team.
 * @param addAgent takes a participant into the graph and gives its name there
 */
export function teamOf(team: Component, reading: Reading, addAgent: (component: Component) => string): MadeTeam | undefined {
  const pattern = patternOf(team.kind);
  if (pattern === undefined) return undefined;
  team.open("name");
  team.open("description");
  const agents = componentsIn(team, "participants", reading.report).map(addAgent);
  const shared = { agents, ...endOf(team, reading) };
  if (team.open("emit_team_events") === true) team.became("events team.message", "emit_team_events");
  switch (pattern) {
    case "selector":
      return { pattern, with: { ...shared, ...selectorOf(team, reading) } };
    case "magentic":
      return { pattern, with: { ...shared, ...magenticOf(team, reading) } };
    case "graph":
      return { pattern, with: { ...shared, ...flowOf(team, reading) } };
    default:
      return { pattern, with: shared };
  }
}

function patternOf(kind: string): string | undefined {
  switch (kind) {
    case "RoundRobinGroupChat":
      return "round-robin";
    case "SelectorGroupChat":
      return "selector";
    case "Swarm":
      return "swarm";
    case "MagenticOneGroupChat":
      return "magentic";
    case "GraphFlow":
      return "graph";
    default:
      return undefined;
  }
}

/** When the team ends. */
function endOf(team: Component, reading: Reading): Record<string, Json> {
  const [condition] = componentsIn(team, "termination_condition", reading.report);
  const until = condition === undefined ? undefined : terminationOf(condition, reading.names, reading.report);
  if (JSON.stringify(until ?? null).includes('"external"')) reading.signals.add(STOP_SIGNAL);
  const turns = team.takeNumber("max_turns", "with.max_turns");
  return {
    ...(until === undefined ? {} : { until: z.json().parse(until) }),
    ...(turns === undefined ? {} : { max_turns: Math.min(MAX_TURNS, Math.max(1, Math.round(turns))) }),
  };
}

function selectorOf(team: Component, reading: Reading): Record<string, Json> {
  const prompt = team.takeText("selector_prompt", "with.selector_prompt");
  const repeated = team.take("allow_repeated_speaker", "with.allow_repeated_speaker");
  const attempts = team.takeNumber("max_selector_attempts", "with.max_selector_attempts");
  if (team.open("model_client_streaming") === true) team.became("answers of models are always streamed", "model_client_streaming");
  for (const context of componentsIn(team, "model_context", reading.report))
    context.lost("the choice sees all that was said, within the platform's bound");
  return {
    ...(prompt === undefined ? {} : { selector_prompt: literal(prompt) }),
    ...(repeated === true ? { allow_repeated_speaker: true } : {}),
    ...(attempts === undefined ? {} : { max_selector_attempts: Math.min(10, Math.max(1, Math.round(attempts))) }),
    ...modelOf(team, "with", reading.report, false),
  };
}

function magenticOf(team: Component, reading: Reading): Record<string, Json> {
  const stalls = team.takeNumber("max_stalls", "with.max_stalls");
  const prompt = team.takeText("final_answer_prompt", "with.final_answer_prompt");
  return {
    ...(stalls === undefined ? {} : { max_stalls: Math.min(20, Math.max(1, Math.round(stalls))) }),
    ...(prompt === undefined ? {} : { final_answer_prompt: literal(prompt) }),
    ...modelOf(team, "with", reading.report, false),
  };
}

function flowOf(team: Component, { names }: Reading): Record<string, Json> {
  const parsed = flowSchema.safeParse(team.take("graph", "with.nodes"));
  if (!parsed.success) {
    team.lost(`its graph cannot be read: ${parsed.error.issues[0]?.path.join(".") ?? ""} ${parsed.error.issues[0]?.message ?? ""}`);
    return {};
  }
  const { nodes, default_start_node: start } = parsed.data;
  // Older files say with a node, newer ones with an edge, whether one edge is enough to start it.
  const activationOf = (target: string) => (nodes[target]?.activation === "any" ? "any" : "all");
  const entries = Object.entries(nodes).map(([name, node]) => {
    const edges = node.edges.map((edge) => ({
      to: edge.target,
      ...(edge.condition ? { when: `text.contains(${JSON.stringify(edge.condition)})` } : {}),
      ...(edge.activation_group ? { group: edge.activation_group } : {}),
      activation: edge.activation_condition ?? activationOf(edge.target),
    }));
    return [name, { agent: names.of(node.name ?? name), edges }] as const;
  });
  return { nodes: Object.fromEntries(entries), ...(start ? { start } : {}) };
}
