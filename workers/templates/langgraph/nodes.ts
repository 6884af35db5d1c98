import type { z } from "zod";
import type { agentDefinitionSchema } from "../../mao/agent-definition.ts";
import { literalText } from "../../mao/expression.ts";
import type { Json } from "../../platform/canonical-json.ts";
import { member } from "../control-flow/expressions.ts";
import type { StepDraft } from "../control-flow/flow.ts";
import type { NodeBinding } from "./binding.ts";
import type { DrawnNode } from "./drawing.ts";

export type AgentInput = z.input<typeof agentDefinitionSchema>;

/** What a node's step knows of the graph around it. */
export interface NodeContext {
  /** Names of the steps before it, with whether each answers with text. */
  readonly before: readonly { readonly name: string; readonly answersText: boolean }[];
  /** Names of the inputs it is given: those of the graph when it is the first. */
  readonly inputs: readonly string[];
  readonly workflow: string;
  /** Tools that it may call: of the tools node that it took in. */
  readonly tools: readonly string[] | undefined;
  readonly maxToolRounds: number | undefined;
  /** Gives an agent a name of its own. */
  readonly agentName: (foreign: string) => string;
  readonly agents: Readonly<Record<string, AgentInput>>;
}

export interface NodeStep {
  readonly draft: StepDraft;
  /** The agent it needs beside those that the binding defines. */
  readonly agent: { readonly name: string; readonly definition: AgentInput } | undefined;
  /** True when nobody said what the node is. */
  readonly isDefault: boolean;
}

/** The step of a node: what the binding says, else an agent of the node's name that is told what the node is called. */
export function nodeStep(node: DrawnNode, bound: NodeBinding | undefined, context: NodeContext): NodeStep {
  const { uses, agent, tools, goal, expected_output, with: given, ...rest } = bound ?? {};
  const draft = { ...rest, title: rest.title ?? node.label.slice(0, 200) };
  if (uses !== undefined && !uses.startsWith("agent:")) {
    return { draft: { ...draft, uses, ...(given === undefined ? {} : { with: given }) }, agent: undefined, isDefault: false };
  }
  const asked = uses?.slice("agent:".length);
  const name = asked ?? context.agentName(node.label);
  const known = asked === undefined ? undefined : context.agents[asked];
  const definition = withTools(agent ?? known ?? defaultAgent(node, context), tools ?? context.tools, context.maxToolRounds);
  const isBuiltIn = asked !== undefined && known === undefined;
  return {
    draft: {
      ...draft,
      uses: `agent:${name}`,
      with: {
        goal: goal ?? literalText(`Do the step "${node.label}" of the workflow "${context.workflow}".`),
        context: materialOf(context),
        ...(expected_output === undefined ? {} : { expected_output }),
        ...given,
      },
    },
    agent: isBuiltIn ? undefined : { name, definition },
    isDefault: asked === undefined && agent === undefined,
  };
}

function defaultAgent(node: DrawnNode, context: NodeContext): AgentInput {
  return {
    as: "model",
    title: literalText(node.label.slice(0, 180)),
    instructions: literalText(
      `You carry out the step "${node.label}" of the workflow "${context.workflow}". You are given what the steps before it answered; answer with the result of this step alone.`.slice(
        0,
        49_000,
      ),
    ),
    tools: [],
  };
}

function withTools(definition: AgentInput, tools: readonly string[] | undefined, maxToolRounds: number | undefined): AgentInput {
  if (tools === undefined || (definition.as !== undefined && definition.as !== "model")) return definition;
  return {
    ...definition,
    tools: definition.tools === undefined || definition.tools.length === 0 ? [...tools] : definition.tools,
    ...(maxToolRounds === undefined || definition.max_tool_rounds !== undefined ? {} : { max_tool_rounds: maxToolRounds }),
  };
}

/** What an agent is given to work on: the graph's inputs for the first, and what the steps before it answered. */
function materialOf({ before, inputs }: NodeContext): Json {
  const answers = before.map(({ name, answersText }) => {
    const output = `steps.${name}.output`;
    return [name, answersText ? `\${${output} == null ? null : ${output}.text}` : `\${${output}}`] as const;
  });
  return Object.fromEntries([...inputs.map((name) => [name, `\${inputs${member(name)}}`] as const), ...answers]);
}
