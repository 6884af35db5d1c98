import type { GraphInput } from "./agents.ts";

type StepInput = GraphInput["steps"][string];

/** Times a person may send an answer back; then the step fails rather than go on for ever. */
const MAX_FEEDBACK_ROUNDS = 20;
/** What CrewAI does when nobody says otherwise. */
const DEFAULT_GUARDRAIL_RETRIES = 3;
/** Of an answer that a person is asked about, what the question holds. */
const SHOWN_CHARACTERS = 15_000;

/** What is asked of an answer before it counts. */
export interface Checks {
  /** Rules in words, which an agent checks. */
  readonly guardrails: readonly string[];
  readonly guardrailRetries: number | undefined;
  /** True when a person reads each answer and may send it back. */
  readonly isReviewed: boolean;
  /** Name of the agent that checks rules. */
  readonly checker: string;
  readonly title: string;
}

/**
 * A step that asks until its answer passes: the agent answers, each rule is checked, a person may say what to do better; with what was found
 * wrong, and the former answer, it is asked again. Its output is the last answer's, `text` and `data`.
 * @param ask the step that asks the agent; it has `with.feedback` and `with.previous_answer` added
 */
export function checkedTask(ask: StepInput, checks: Checks): StepInput {
  const { needs, timeout, rate, title, ...inner } = ask;
  const { steps, feedbacks } = checkSteps(checks);
  const inputs = Object.fromEntries(Object.keys(ask.with ?? {}).map((name) => [name, `\${inputs.${name}}`]));
  const isPassed = feedbacks.map((name) => `output.${name} == ""`).join(" && ");
  return {
    uses: "run:inline",
    ...(title === undefined ? {} : { title }),
    ...(needs === undefined ? {} : { needs }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(rate === undefined ? {} : { rate }),
    with: {
      ...ask.with,
      feedback: `\${previous == null ? "" : ${feedbacks.map((name) => `previous.${name}`).join(' + "\\n" + ')}}`,
      previous_answer: '${previous == null ? "" : previous.text}',
    },
    graph: {
      inputs: Object.fromEntries(
        [...Object.keys(inputs), "feedback", "previous_answer"].map((name) => [name, { type: "any", required: false }]),
      ),
      steps: {
        answer: { ...inner, with: { ...inputs, feedback: "${inputs.feedback}", previous_answer: "${inputs.previous_answer}" } },
        ...steps,
      },
      outputs: {
        text: "${steps.answer.output.text}",
        ...Object.fromEntries(
          feedbacks.map((name) => [name, name === "review" ? "${steps.review.output.text}" : `\${steps.${name}.output.data.feedback}`]),
        ),
      },
    },
    until: isPassed,
    max_iterations: checks.isReviewed ? MAX_FEEDBACK_ROUNDS : (checks.guardrailRetries ?? DEFAULT_GUARDRAIL_RETRIES) + 1,
  };
}

function checkSteps({ guardrails, isReviewed, checker, title }: Checks): { steps: Record<string, StepInput>; feedbacks: string[] } {
  const steps: Record<string, StepInput> = {};
  const feedbacks: string[] = [];
  let last = "answer";
  for (const [i, rule] of guardrails.entries()) {
    const name = `check_${i + 1}`;
    steps[name] = {
      uses: `agent:${checker}`,
      title: `Check: ${rule}`.slice(0, 200),
      needs: [last],
      with: {
        goal: rule,
        answer: "${steps.answer.output.text}",
        output_schema: {
          type: "object",
          properties: {
            feedback: { type: "string", description: "What breaks the rule and how to mend it; empty when the answer keeps it." },
          },
          required: ["feedback"],
        },
      },
    };
    feedbacks.push(name);
    last = name;
  }
  if (isReviewed) {
    steps.review = {
      uses: "human:input",
      title: `Review: ${title}`.slice(0, 200),
      needs: [last],
      with: {
        prompt: `What should be done better? Answer with an empty text to accept.\n\n\${size(steps.answer.output.text) <= ${SHOWN_CHARACTERS} ? steps.answer.output.text : "(The answer is long; read the output of the step answer.)"}`,
      },
    };
    feedbacks.push("review");
  }
  return { steps, feedbacks };
}
