import { must, type Run, type SomaClient } from "../sdk/client.ts";
import type { SomaEvent } from "../sdk/events.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import { runStepLine, runTree } from "./run-tree.ts";

const OVER = new Set<Run["state"]>(["completed", "failed", "cancelled"]);
/** Events that may bring a run to rest: whoever follows looks at once. */
const RESTS = /^(run\.|step\.waiting)/;
/** Looks at the run are this far apart while its steps go on. */
const LOOK_EVERY_MS = 150;

interface Following {
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Told of each event, once and in order. */
  readonly onEvent?: (event: SomaEvent) => void;
}

/** Reads a run. */
export function readRun(client: SomaClient, id: string, signal: AbortSignal): Promise<Run> {
  return must(client.api.GET("/v1/mao/runs/{id}", { params: { path: { id } }, signal }));
}

/**
 * Follows a run until it is over, paused, or waits for a person. On a terminal the tree of steps is drawn over; elsewhere each step that ends
 * is a line.
 * @returns the run as it rests
 */
export async function followRun(client: SomaClient, id: string, { output, signal, onEvent }: Following): Promise<Run> {
  const show = await viewOf(output);
  let run = await readRun(client, id, signal);
  try {
    let lookedAt = Date.now();
    if (!isResting(run)) {
      show.run(run);
      for await (const event of client.events(id, { signal })) {
        onEvent?.(event);
        const mayRest = RESTS.test(event.type);
        if (!mayRest && Date.now() - lookedAt < LOOK_EVERY_MS) continue;
        run = await readRun(client, id, signal);
        lookedAt = Date.now();
        show.run(run);
        if (mayRest && isResting(run)) break;
      }
      run = await readRun(client, id, signal);
    }
    show.run(run);
    return run;
  } finally {
    show.end();
  }
}

/** What a command ends with that followed a run to this state. */
export function exitCodeOfRun(run: Run): ExitCode {
  if (run.state === "completed") return EXIT.ok;
  return OVER.has(run.state) ? EXIT.failed : EXIT.needsPerson;
}

function isResting(run: Run): boolean {
  return (
    OVER.has(run.state) ||
    run.state === "paused" ||
    (run.state === "waiting" && run.waits.some(({ on }) => on === "human" || on === "signal"))
  );
}

async function viewOf(output: Output): Promise<{ run(run: Run): void; end(): void }> {
  if (output.isTerminal) {
    const { default: draw } = await import("log-update");
    return { run: (run) => draw(runTree(run)), end: () => draw.done() };
  }
  const told = new Set<string>();
  return {
    run({ steps }) {
      for (const step of steps) {
        if ((step.state !== "done" && step.state !== "failed") || told.has(step.step)) continue;
        told.add(step.step);
        output.say(runStepLine(step));
      }
    },
    end() {},
  };
}
