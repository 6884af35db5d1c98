import { z } from "zod";
import { agentNameSchema } from "../names.ts";
import { terminationSchema } from "../termination.ts";

/** Turns of one team: with the bound on a message they fit one recorded value. */
const MAX_TEAM_TURNS = 500;
/** A team that says nothing about its end is ended here rather than talk on for ever. */
const DEFAULT_TEAM_TURNS = 50;
const MAX_MEMBERS = 64;
const MAX_PROMPT_CHARACTERS = 50_000;
const MAX_NODES = 256;
const MAX_EDGES_OF_A_NODE = 64;

const prompt = z.string().max(MAX_PROMPT_CHARACTERS).optional();
const nodeNameSchema = z.string().min(1).max(128);

/** A node of a team that is a graph: an agent, or a step of another kind. */
const nodeSchema = z.strictObject({
  agent: agentNameSchema.optional(),
  uses: z.string().max(200).optional(),
  with: z.record(z.string(), z.json()).optional(),
  edges: z
    .array(
      z.strictObject({
        to: nodeNameSchema,
        /** CEL over `text` and `speaker` of the node's message; the edge is taken when it is true. */
        when: z.string().max(2_000).optional(),
        /** Edges into a node that belong together; all of them by default. */
        group: z.string().max(128).optional(),
        /** Whether the node starts once all edges of the group were taken, or at the first. */
        activation: z.enum(["all", "any"]).default("all"),
      }),
    )
    .max(MAX_EDGES_OF_A_NODE)
    .default([]),
});

/** What a team step takes, whatever its pattern. */
export const teamInputSchema = z.strictObject({
  /** Who takes part; the order is the order of speaking where the pattern has one. */
  agents: z.array(agentNameSchema).min(1).max(MAX_MEMBERS),
  task: z.string().min(1).max(200_000),
  context: z.json().optional(),
  expected_output: z.string().max(20_000).optional(),
  until: terminationSchema.optional(),
  max_turns: z.number().int().min(1).max(MAX_TEAM_TURNS).default(DEFAULT_TEAM_TURNS),
  /** The model that chooses speakers, plans and sums up; the agents have their own. */
  model: z.string().max(200).optional(),
  /** hierarchical: the agent that gives out the work; one is made when none is named. */
  manager: agentNameSchema.optional(),
  /** selector: `{roles}`, `{participants}` and `{history}` are filled in. */
  selector_prompt: prompt,
  allow_repeated_speaker: z.boolean().default(false),
  max_selector_attempts: z.number().int().min(1).max(10).default(3),
  /** magentic: turns without progress before it plans anew. */
  max_stalls: z.number().int().min(1).max(20).default(3),
  final_answer_prompt: prompt,
  /** graph */
  nodes: z
    .record(nodeNameSchema, nodeSchema)
    .refine((nodes) => Object.keys(nodes).length <= MAX_NODES, { message: `a team's graph has at most ${MAX_NODES} nodes` })
    .optional(),
  start: nodeNameSchema.optional(),
});

export type TeamInput = z.infer<typeof teamInputSchema>;
export type TeamNode = z.infer<typeof nodeSchema>;
