import { styleText } from "node:util";
import { shownShort } from "./output.ts";

const BAR_WIDTH = 24;
/** What of a title or a problem is drawn on a line. */
export const TITLE_CHARACTERS = 100;

/** A mark and its colour for each state of a step. */
const MARKS = {
  pending: ["·", "dim"],
  running: ["▸", "cyan"],
  waiting: ["‖", "yellow"],
  done: ["✓", "green"],
  failed: ["✗", "red"],
  skipped: ["–", "dim"],
  blocked: ["–", "dim"],
} as const satisfies Record<string, readonly [string, Parameters<typeof styleText>[0]]>;

/** A step of a run, or a task of a project. */
interface DrawnStep {
  readonly state: keyof typeof MARKS;
  readonly title: string;
  readonly attempt: number;
  readonly problem?: { readonly detail: string } | undefined;
}

/**
 * One step on one line. Colours only where the terminal has them.
 * @param note what else there is to say between its title and its trouble
 */
export function stepLine(step: DrawnStep, note = ""): string {
  const [mark, colour] = MARKS[step.state];
  const again = step.attempt > 1 ? styleText("dim", ` (attempt ${step.attempt})`) : "";
  const problem = step.problem === undefined ? "" : styleText("red", ` — ${shownShort(step.problem.detail, TITLE_CHARACTERS)}`);
  return `  ${styleText(colour, mark)} ${shownShort(step.title, TITLE_CHARACTERS)}${note}${again}${problem}`;
}

/** How far something is, as a bar and in figures. */
export function progressBar(over: number, all: number): string {
  const filled = Math.round((over / Math.max(1, all)) * BAR_WIDTH);
  return `${styleText("green", "█".repeat(filled))}${styleText("dim", "░".repeat(BAR_WIDTH - filled))} ${over}/${all}`;
}

/** What is drawn, by its title and where it stands. */
export function headLine(title: string, state: string): string {
  return `${styleText("bold", shownShort(title, TITLE_CHARACTERS))}  ${styleText("dim", state)}`;
}
