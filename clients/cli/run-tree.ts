import { styleText } from "node:util";
import type { Run } from "../sdk/client.ts";
import { shown, shownShort } from "./output.ts";

const BAR_WIDTH = 24;
const TITLE_CHARACTERS = 100;
const OUTPUT_CHARACTERS = 4_000;
/** Steps drawn at once; of a larger run those that something happens to, and how many there are of the others. */
const MAX_LINES = 40;
type Step = Run["steps"][number];

/** A mark and its colour for each state of a step. */
const MARKS = {
  pending: ["·", "dim"],
  running: ["▸", "cyan"],
  waiting: ["‖", "yellow"],
  done: ["✓", "green"],
  failed: ["✗", "red"],
  skipped: ["–", "dim"],
  blocked: ["–", "dim"],
} as const satisfies Record<Step["state"], readonly [string, Parameters<typeof styleText>[0]]>;

/** The run as a tree: how far it is, its steps, what it waits for. Colours only where the terminal has them. */
export function runTree(run: Run): string {
  const all = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  const over = all - (run.counts.pending ?? 0) - (run.counts.running ?? 0) - (run.counts.waiting ?? 0);
  const filled = Math.round((over / Math.max(1, all)) * BAR_WIDTH);
  const bar = `${styleText("green", "█".repeat(filled))}${styleText("dim", "░".repeat(BAR_WIDTH - filled))} ${over}/${all}`;
  return [
    `${styleText("bold", shownShort(run.title, TITLE_CHARACTERS))}  ${styleText("dim", run.state)}`,
    bar,
    ...stepLines(run.steps),
    ...run.waits.map(waitLine),
    ...(run.problem === undefined ? [] : [styleText("red", shownShort(run.problem.detail, 2 * TITLE_CHARACTERS))]),
  ].join("\n");
}

function stepLines(steps: readonly Step[]): string[] {
  if (steps.length <= MAX_LINES) return steps.map(stepLine);
  const isLively = ({ state }: Step) => state === "running" || state === "waiting" || state === "failed";
  const lively = steps.filter(isLively).slice(0, MAX_LINES);
  return [...lively.map(stepLine), styleText("dim", `  … ${steps.length - lively.length} other steps; see soma runs show --json`)];
}

/** One step on one line. */
export function stepLine(step: Step): string {
  const [mark, colour] = MARKS[step.state];
  const again = step.attempt > 1 ? styleText("dim", ` (attempt ${step.attempt})`) : "";
  const time = step.durationMs === undefined ? "" : styleText("dim", ` ${(step.durationMs / 1_000).toFixed(1)} s`);
  const problem = step.problem === undefined ? "" : styleText("red", ` — ${shownShort(step.problem.detail, TITLE_CHARACTERS)}`);
  return `  ${styleText(colour, mark)} ${shownShort(step.title, TITLE_CHARACTERS)} ${styleText("dim", step.uses)}${time}${again}${problem}`;
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
