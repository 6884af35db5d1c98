import { z } from "zod";
import { jsonSchema } from "../platform/canonical-json.ts";
import { agentNameSchema, stepNameSchema } from "./names.ts";
import { terminationSchema } from "./termination.ts";

const MAX_INSTRUCTIONS_CHARACTERS = 50_000;
const MAX_DESCRIPTION_CHARACTERS = 5_000;
/** Members of one team: the next speaker is chosen among them at every turn. */
const MAX_TEAM_AGENTS = 64;

const description = z.string().max(MAX_DESCRIPTION_CHARACTERS).optional();
const title = z.string().max(200).optional();

/** An agent that a language model, or the embedded engine, speaks for. */
const modelAgentSchema = z.strictObject({
  as: z.literal("model").default("model"),
  title,
  /** What it is good for: other agents and selectors read this. */
  description,
  /** Its system prompt. */
  instructions: z.string().max(MAX_INSTRUCTIONS_CHARACTERS).default(""),
  model: z.string().max(200).optional(),
  /** Ids of the tools it may call; all of the platform's when it is not said. */
  tools: z.array(z.string().max(200)).max(256).optional(),
  /** Agents of the same team it may hand the word to. */
  handoffs: z.array(agentNameSchema).max(MAX_TEAM_AGENTS).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tool_rounds: z.number().int().min(1).max(100).optional(),
});

/** A person who takes part. */
const humanAgentSchema = z.strictObject({ as: z.literal("human"), title, description });

/** A team that speaks with one voice (AutoGen's society of mind). */
const teamAgentSchema = z.strictObject({
  as: z.literal("team"),
  title,
  description,
  pattern: z.enum(["round-robin", "selector", "swarm", "magentic", "hierarchical", "graph"]),
  /** What a team step of this pattern takes beside its task: its agents, its end, its model. */
  with: z.record(z.string(), jsonSchema).default({}),
  until: terminationSchema.optional(),
  /** How its answer is made of what was said in it. */
  instructions: z.string().max(MAX_INSTRUCTIONS_CHARACTERS).default(""),
  response_prompt: z.string().max(MAX_INSTRUCTIONS_CHARACTERS).optional(),
  model: z.string().max(200).optional(),
});

/** A remote agent, reached by the Agent2Agent protocol. */
const remoteAgentSchema = z.strictObject({
  as: z.literal("a2a"),
  title,
  description,
  /** Address of its agent card. */
  card: z.url({ protocol: /^https?$/ }).max(2_000),
  tenant: z.string().max(200).optional(),
  /** Name of the platform setting that holds its credential. */
  credential: stepNameSchema.optional(),
});

/** Who takes part in the work of a graph. */
export const agentDefinitionSchema = z.union([modelAgentSchema, humanAgentSchema, teamAgentSchema, remoteAgentSchema]);
export type AgentDefinition = z.infer<typeof agentDefinitionSchema>;
/** An agent that a model speaks for. */
export type ModelAgent = z.infer<typeof modelAgentSchema>;
