import { z } from "zod";
import { buildWorker } from "../clients/cli/platform/build.ts";
import { type Counts, counted, type Prepare } from "./counted-operations.ts";
import { ask } from "./platform-client.ts";
import { CLOUDFLARE, PEERS } from "./prices.ts";
import { alone, type Result } from "./result.ts";

const FEW_STEPS = 10;
const MANY_STEPS = 60;
const RUNS_PRICED = 1_000;
/** Rows written a step, in objects. */
const MOST_ROWS_A_PURE_STEP = 2;
const MOST_ROWS_A_TOOL_STEP = 3;

/** What is shown of a run; all else that is billed is in its dollars. */
const SHOWN = [
  ["object rows written", "rows"],
  ["D1 rows written", "rows"],
  ["object requests", "requests"],
  ["queue operations", "operations"],
] as const;

/** A step that computes, and one that asks something outside its object; neither stores anything of its own, so that what is counted is the engine's. */
const STEPS = {
  pure: { uses: "tool:value.set", with: { value: { rows: 344, columns: 8 } } },
  tool: { uses: "tool:memory.recall", with: { query: "what was said of the gate" } },
} as const;
type Kind = keyof typeof STEPS;

/**
 * What is billed for a step and for a run, counted at the bindings of the whole platform, and the dollars of a thousand runs of ten steps beside what
 * others publish for the same. Operations are what is priced: processor time and duration are what the steps' own work makes of them. Four platforms are counted side by side, since each is mostly waited for.
 */
export async function measureCost(): Promise<Result[]> {
  const build = await buildWorker("bench/workers/counted/index.ts");
  const runs = (["pure", "tool"] as const).flatMap((kind) => [FEW_STEPS, MANY_STEPS].map((steps) => counted(build, runOf(kind, steps))));
  const [fewPure = {}, manyPure = {}, fewTool = {}, manyTool = {}] = await Promise.all(runs);
  return [
    ...perStep("pure step", fewPure, manyPure, MOST_ROWS_A_PURE_STEP),
    ...perStep("tool step", fewTool, manyTool, MOST_ROWS_A_TOOL_STEP),
    ...perRun("run of 10 pure steps", fewPure),
    ...perRun("run of 10 tool steps", fewTool),
    ...PEERS.map(({ name, dollarsOfRun }) => dollars(`1,000 runs of 10 steps at ${name}`, RUNS_PRICED * dollarsOfRun(FEW_STEPS))),
  ];
}

/** A run by someone who has had one before. */
function runOf(kind: Kind, count: number): Prepare {
  const step = (i: number) => ({ ...STEPS[kind], ...(i > 0 ? { needs: [`s${i - 1}`] } : {}) });
  const graphOf = (steps: number) => ({ steps: Object.fromEntries(Array.from({ length: steps }, (_, i) => [`s${i}`, step(i)])) });
  return async (url, key) => {
    const run = async (steps: number) => {
      const body = await ask(url, key, "POST", "/v1/mao/runs", { graph: graphOf(steps), title: kind }, { Prefer: "wait=30" });
      if (z.object({ state: z.string() }).parse(body).state !== "completed")
        throw new Error(`The run did not complete: ${JSON.stringify(body)}`);
    };
    await run(1);
    return () => run(count);
  };
}

function perStep(what: string, few: Counts, many: Counts, mostRows: number): Result[] {
  const each = (billed: string) => (sumOf(many, billed) - sumOf(few, billed)) / (MANY_STEPS - FEW_STEPS);
  return [
    alone(`${what}: rows written in objects`, each("object rows written"), "rows", mostRows),
    alone(`${what}: rows written in D1, for the audit`, each("D1 rows written"), "rows"),
    alone(`${what}: rows read in objects`, each("object rows read"), "rows"),
    alone(`${what}: object requests, alarms among them`, each("object requests"), "requests"),
    alone(`${what}: queue operations`, each("queue operations"), "operations"),
  ];
}

function perRun(what: string, counts: Counts): Result[] {
  const billed = SHOWN.map(([name, unit]) => alone(`${what}: ${name}`, sumOf(counts, name), unit));
  const price = Object.entries(CLOUDFLARE).reduce((total, [name, each]) => total + sumOf(counts, name) * each, 0);
  return [...billed, dollars(`1,000 × a ${what}`, RUNS_PRICED * (price + CLOUDFLARE["Worker requests"]))];
}

function dollars(name: string, value: number): Result {
  return alone(name, value, "dollars");
}

/** How often something billed was counted, wherever it was. */
function sumOf(counts: Counts, billed: string): number {
  return Object.entries(counts).reduce((total, [place, times]) => (place.endsWith(`: ${billed}`) ? total + times : total), 0);
}
