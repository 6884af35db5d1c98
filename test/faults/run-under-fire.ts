import { createHash } from "node:crypto";
import { z } from "zod";
import { must, type SomaClient, somaClient } from "../../clients/sdk/client.ts";
import { problemOf } from "../../clients/sdk/problem.ts";
import type { Counts } from "./counts.ts";
import { createOnce } from "./create-once.ts";
import { holdTwice } from "./hold-twice.ts";
import { insist } from "./insist.ts";

const ENDS = /^run\.(completed|failed|cancelled)$/;
const FILES_A_PAGE = 200;
/** Steps of the long run that come round again: one that computes, one with an effect outside, one that waits. */
const LONG_STEPS = 3;

interface Platform {
  readonly url: string;
  readonly apiKey: string;
}

/**
 * Takes a `for_each` over many items to its end: each item is computed with, and stored as a file.
 * @returns the hash of its output, or the state it ended in
 */
export async function itemsUnderFire(platform: Platform, items: number, counts: Counts): Promise<string> {
  const prefix = `items-${counts.runs + 1}`;
  const expected = Array.from({ length: items }, (_, i) => `${prefix}-${i}.txt`);
  const outcome = await runUnderFire(
    platform,
    { graph: ITEMS, inputs: { numbers: expected.map((_, i) => i), prefix }, title: prefix },
    counts,
  );
  for (const step of ["square", "keep"]) counts.missingEffects += expected.filter((_, i) => !outcome.done.has(`${step}/${i}`)).length;
  await countFiles(platform, prefix, expected, counts);
  if (outcome.output === undefined) return outcome.state;
  return createHash("sha256").update(JSON.stringify(outcome.output)).digest("hex");
}

/** Imports the long run as the next version of its template: the same steps with another output. @returns the template's name */
export async function importLongRun(platform: Platform, rounds: number, version: number): Promise<string> {
  const files = [{ path: "long.json", text: JSON.stringify({ name: "Long", ...longGraph(rounds, version) }) }];
  const body = JSON.stringify({ files });
  const headers = { Authorization: `Bearer ${platform.apiKey}`, "Content-Type": "application/json" };
  return insist(async () => {
    const response = await fetch(`${platform.url}/v1/templates/import`, { method: "POST", headers, body });
    if (!response.ok) throw await problemOf(response);
    return importedSchema.parse(await response.json()).templates[0].name;
  });
}

const importedSchema = z.object({ templates: z.tuple([z.object({ name: z.string() })]) });

/**
 * Takes a run of many steps one after another, some of which wait for a second, to its end: it lives through whatever happens in that time, and keeps
 * the version of its template that it started with.
 */
export async function longRunUnderFire(platform: Platform, template: string, rounds: number, counts: Counts): Promise<void> {
  const prefix = `long-${counts.runs + 1}`;
  const { done, output, version } = await runUnderFire(
    platform,
    { template: { name: template }, inputs: { prefix }, title: prefix },
    counts,
  );
  counts.missingEffects += Math.max(0, rounds * LONG_STEPS - done.size);
  const isItsOwn = version === 1 && JSON.stringify(output) === JSON.stringify({ last: rounds - 1, version: 1 });
  counts.missingEffects += isItsOwn ? 0 : 1;
  await countFiles(
    platform,
    prefix,
    Array.from({ length: rounds }, (_, i) => `${prefix}-${i}.txt`),
    counts,
  );
}

interface Order {
  readonly graph?: Readonly<Record<string, unknown>>;
  readonly template?: { readonly name: string };
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly title: string;
}

interface Outcome {
  /** What it returned; undefined when it did not complete. */
  readonly output: unknown;
  readonly state: string;
  readonly version: number | undefined;
  readonly done: ReadonlySet<string>;
}

async function runUnderFire(platform: Platform, order: Order, counts: Counts): Promise<Outcome> {
  const client = somaClient(platform);
  counts.runs += 1;
  const id = await createOnce(platform, "/v1/mao/runs", order);
  const wire = await holdTwice(platform, client, id, (event) => ENDS.test(event.type), counts);
  const done = new Set(wire.filter((event) => event.type === "step.done").map((event) => String(event.data.step)));
  const { state, problem, output, template } = await insist(() => must(client.api.GET("/v1/mao/runs/{id}", { params: { path: { id } } })));
  if (state === "completed") counts.completedRuns += 1;
  return { output, state: problem === undefined ? state : `${state}: ${problem.detail}`, version: template?.version, done };
}

/** Each file must be there once. */
async function countFiles(platform: Platform, prefix: string, expected: readonly string[], counts: Counts): Promise<void> {
  const names = await insist(() => filesNamed(somaClient(platform), prefix));
  const distinct = new Set(names);
  counts.repeatedEffects += names.length - distinct.size;
  counts.missingEffects += expected.filter((name) => !distinct.has(name)).length;
}

async function filesNamed(client: SomaClient, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = cursor === undefined ? { limit: FILES_A_PAGE } : { limit: FILES_A_PAGE, cursor };
    const page = await must(client.api.GET("/v1/artifacts", { params: { query } }));
    names.push(...page.items.map((item) => item.name).filter((name) => name.startsWith(`${prefix}-`)));
    if (page.nextCursor === undefined) return names;
    cursor = page.nextCursor;
  }
}

const ITEMS = {
  inputs: { numbers: { type: "array" }, prefix: { type: "string" } },
  max_parallel: 64,
  steps: {
    square: {
      uses: "tool:value.set",
      for_each: expression("inputs.numbers"),
      max_parallel: 64,
      with: { value: expression("item * item") },
    },
    keep: {
      uses: "tool:artifacts.put",
      for_each: expression("inputs.numbers"),
      max_parallel: 16,
      with: { name: `${expression("inputs.prefix")}-${expression("item")}.txt`, text: `number ${expression("item")}` },
    },
  },
  outputs: { squares: expression("steps.square.output"), kept: expression("steps.keep.output.map(file, file.sha256)") },
};

function longGraph(rounds: number, version: number) {
  const steps: Record<string, unknown> = {};
  for (let i = 0; i < rounds; i += 1) {
    const needs = i === 0 ? [] : [`wait_${i - 1}`];
    steps[`count_${i}`] = { uses: "tool:value.set", needs, with: { value: i } };
    const name = `${expression("inputs.prefix")}-${i}.txt`;
    steps[`keep_${i}`] = {
      uses: "tool:artifacts.put",
      needs: [`count_${i}`],
      with: { name, text: `number ${expression(`steps.count_${i}.output`)}` },
    };
    steps[`wait_${i}`] = { uses: "timer:wait", needs: [`keep_${i}`], with: { duration: "1s" } };
  }
  return { inputs: { prefix: { type: "string" } }, steps, outputs: { last: expression(`steps.count_${rounds - 1}.output`), version } };
}

/** An expression in the graph's text. */
function expression(text: string): string {
  return `\${${text}}`;
}
