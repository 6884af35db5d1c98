import { styleText } from "node:util";
import type { Run } from "../sdk/client.ts";
import { shown, shownShort } from "./output.ts";
import { headLine, progressBar, stepLine, TITLE_CHARACTERS } from "./step-line.ts";

const OUTPUT_CHARACTERS = 4_000;
/** Steps drawn at once; of a larger run those that something happens to, and how many there are of the others. */
const MAX_LINES = 40;
type Step = Run["steps"][number];

/** The run as a tree: how far it is, its steps, what it waits for. Colours only where the terminal has them. */
export function runTree(run: Run): string {
  const all = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  const over = all - (run.counts.pending ?? 0) - (run.counts.running ?? 0) - (run.counts.waiting ?? 0);
  return [
    headLine(run.title, run.state),
    progressBar(over, all),
    ...stepLines(run.steps),
    ...run.waits.map(waitLine),
    ...(run.problem === undefined ? [] : [styleText("red", shownShort(run.problem.detail, 2 * TITLE_CHARACTERS))]),
  ].join("\n");
}

function stepLines(steps: readonly Step[]): string[] {
  if (steps.length <= MAX_LINES) return steps.map(runStepLine);
  const isLively = ({ state }: Step) => state === "running" || state === "waiting" || state === "failed";
  const lively = steps.filter(isLively).slice(0, MAX_LINES);
  return [...lively.map(runStepLine), styleText("dim", `  … ${steps.length - lively.length} other steps; see soma runs show --json`)];
}

/** One step of a run on one line, with what it uses and how long it took. */
export function runStepLine(step: Step): string {
  const time = step.durationMs === undefined ? "" : styleText("dim", ` ${(step.durationMs / 1_000).toFixed(1)} s`);
  return stepLine(step, ` ${styleText("dim", step.uses)}${time}`);
}

function waitLine({ step, on, until, prompt }: Run["waits"][number]): string {
  const what = on === "human" ? `waits for a person: soma runs answer … ${step}` : `waits for ${on}`;
  const end = until === undefined ? "" : `, until ${until}`;
  return `${styleText("yellow", "‖")} ${shown(step)} ${what}${end}${prompt === undefined ? "" : `\n    ${shownShort(prompt, 3 * TITLE_CHARACTERS)}`}`;
}

/** What a run that is over came to, for people. */
export function outputText(run: Run): string {
  if (run.output === undefined || run.output === null) return "";
  const result = typeof run.output === "object" && "result" in run.output ? run.output.result : run.output;
  const text = typeof result === "string" ? result : JSON.stringify(run.output, undefined, 2);
  const clean = shown(text);
  return clean.length > OUTPUT_CHARACTERS ? `${clean.slice(0, OUTPUT_CHARACTERS)}…\n(The whole is there with --json.)` : clean;
}
