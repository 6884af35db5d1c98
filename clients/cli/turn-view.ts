import { styleText } from "node:util";
import { z } from "zod";
import type { SomaEvent } from "../sdk/events.ts";
import type { Output } from "./output.ts";
import { shown, shownShort } from "./output.ts";

/** A call that the model asked for itself: deeper steps are its capsule's own. */
const CALL = /\/m\d+\/c\d+$/;
const CALL_CHARACTERS = 160;

const answeredSchema = z.object({ output: z.object({ calls: z.array(z.object({ name: z.string(), input: z.unknown() })) }) });
const capsuleSchema = z.object({ capsule: z.string(), inputs: z.unknown() });
const failedStepSchema = z.object({ step: z.string(), problem: z.object({ detail: z.string() }) });
const textSchema = z.object({ text: z.string() });
const failedSchema = z.object({ problem: z.object({ detail: z.string() }) });
const approvalSchema = z.object({ step: z.string(), tool: z.string(), input: z.unknown(), reason: z.string() });
export type Approval = z.infer<typeof approvalSchema>;

/** The call that an event asks a person to approve; undefined for every other event. */
export function approvalIn(event: SomaEvent): Approval | undefined {
  return event.type === "approval.requested" ? approvalSchema.parse(event.data) : undefined;
}

/** True for the event that ends a turn. */
export function endsTurn(event: SomaEvent, turn: string): boolean {
  return (event.type === "turn.completed" || event.type === "turn.failed") && event.data.turn === turn;
}

/** Shows a turn as it happens: text as it streams, calls as lines of their own. */
export function turnView(output: Output): (event: SomaEvent) => void {
  let isInLine = false;
  let hasText = false;
  const line = (text: string) => {
    if (isInLine) output.stream("\n");
    isInLine = false;
    output.say(text);
  };
  return (event) => {
    switch (event.type) {
      case "turn.delta":
        isInLine = true;
        hasText = true;
        output.stream(shown(textSchema.parse(event.data).text));
        break;
      case "turn.restarted":
        hasText = false;
        line(styleText("dim", "  (the answer begins anew)"));
        break;
      case "step.done":
        for (const call of callsIn(event)) line(styleText("dim", `  ▸ ${call}`));
        break;
      case "step.failed": {
        const { step, problem } = failedStepSchema.parse(event.data);
        if (CALL.test(step)) line(styleText("dim", `  ✗ ${shownShort(problem.detail, CALL_CHARACTERS)}`));
        break;
      }
      case "turn.completed":
        if (!hasText) output.stream(shown(textSchema.parse(event.data).text));
        output.stream("\n");
        break;
      case "turn.failed":
        line(styleText("red", `The turn failed: ${shownShort(failedSchema.parse(event.data).problem.detail, 500)}`));
        break;
    }
  };
}

/** The calls that a model's answer asks for, each as one line. */
function callsIn(event: SomaEvent): string[] {
  const answered = answeredSchema.safeParse(event.data);
  if (!answered.success) return [];
  return answered.data.output.calls.map(({ name, input }) => {
    const capsule = capsuleSchema.safeParse(input);
    const [what, given] = capsule.success ? [capsule.data.capsule, capsule.data.inputs] : [name, input];
    return shownShort(`${what} ${JSON.stringify(given)}`, CALL_CHARACTERS);
  });
}
