import { outputOf } from "../control-flow/expressions.ts";
import type { FlowCase, StepDraft } from "../control-flow/flow.ts";
import type { EdgeBinding } from "./binding.ts";
import type { DrawnEdge } from "./drawing.ts";
import type { AgentInput } from "./nodes.ts";

/** The default decider; its definition is added to the graph where it is used. */
export const ROUTER = "router";
export const ROUTER_DEFINITION = {
  as: "model",
  title: "Router",
  description: "Decides what a workflow does next.",
  instructions: "You decide what a workflow does next. Read what was done so far and answer with exactly one of the labels you are given.",
  tools: [],
} satisfies AgentInput;

export interface Choice {
  readonly router?: StepDraft;
  readonly cases: readonly FlowCase[];
  readonly casesExclude: boolean;
  readonly otherwise: string | undefined;
}

/** Where the conditional edges of a node lead, by label. */
export interface Option {
  readonly label: string;
  /** Name of the target; undefined for the end. */
  readonly to: string | undefined;
  readonly edge: DrawnEdge;
}

/**
 * How a node's conditional edges are decided: by the conditions that the binding gives, else by an agent that answers with a label.
 * The deciding function of the drawn graph is code, which a drawing does not hold.
 * @param step name of the node's step
 */
export function choiceOf(step: string, title: string, options: readonly Option[], bound: EdgeBinding | undefined): Choice {
  if (bound?.cases !== undefined) {
    const written = Object.entries(bound.cases);
    const cases = written.flatMap(([name, when]) => {
      const option = optionNamed(options, name);
      return option === undefined ? [] : [{ when: outputOf(when, step), to: option.to }];
    });
    const otherwise = bound.otherwise === undefined ? undefined : optionNamed(options, bound.otherwise)?.to;
    return { cases, casesExclude: false, otherwise };
  }
  const labels = options.map(({ label }) => label);
  const answer = `steps.${step}_route.output.data.next`;
  return {
    router: routerStep(step, title, labels, bound),
    cases: options.map(({ label, to }) => ({ when: `${answer} == ${JSON.stringify(label)}`, to })),
    casesExclude: true,
    otherwise: undefined,
  };
}

/** The option that a binding names by its label or by its target. */
export function optionNamed(options: readonly Option[], name: string): Option | undefined {
  return options.find(({ label }) => label === name) ?? options.find(({ edge }) => edge.target === name);
}

function routerStep(step: string, title: string, labels: readonly string[], bound: EdgeBinding | undefined): StepDraft {
  return {
    uses: `agent:${bound?.agent ?? ROUTER}`,
    title: `What follows ${title}`.slice(0, 200),
    with: {
      goal: bound?.question ?? `Decide what comes after "${title}".`,
      context: { [step]: `\${steps.${step}.output}` },
      expected_output: `One of these labels: ${labels.join(", ")}`,
      output_schema: {
        type: "object",
        properties: { next: { type: "string", enum: [...labels] } },
        required: ["next"],
        additionalProperties: false,
      },
    },
  };
}
