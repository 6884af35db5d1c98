import { env } from "cloudflare:test";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { builtinCapsule } from "../../workers/capsules/registry.ts";
import { type PlanningOutcome, planningOutcomeSchema } from "../../workers/kamachiq/plan.ts";
import { planBrief } from "../../workers/kamachiq/planner.ts";
import { preparedInputs } from "../../workers/mao/inputs.ts";
import type { DatasetProfile } from "../../workers/tools/data/profile.ts";
import birdstrikes from "../data/birdstrikes.csv?raw";
import conversations from "../data/briefs/conversations.yaml?raw";
import everyday from "../data/briefs/everyday.yaml?raw";
import heldOut from "../data/briefs/held-out.yaml?raw";
import ownTables from "../data/briefs/own-tables.yaml?raw";
import sharedTables from "../data/briefs/shared-tables.yaml?raw";
import clinic from "../data/briefs/tables/clinic-visits.csv?raw";
import hospital from "../data/briefs/tables/hospital-stays.csv?raw";
import housing from "../data/briefs/tables/housing.csv?raw";
import orders from "../data/briefs/tables/orders.json?raw";
import requests from "../data/briefs/tables/requests.ndjson?raw";
import sales from "../data/briefs/tables/sales.csv?raw";
import marks from "../data/briefs/tables/school-marks.csv?raw";
import sensors from "../data/briefs/tables/sensor-readings.tsv?raw";
import co2 from "../data/co2-concentration.csv?raw";
import earthquakes from "../data/earthquakes.json?raw";
import flights from "../data/flights-2k.json?raw";
import penguins from "../data/penguins.csv?raw";
import weather from "../data/seattle-weather.csv?raw";
import unemployment from "../data/unemployment.tsv?raw";
import employment from "../data/us-employment.csv?raw";

const FILES: Readonly<Record<string, string>> = {
  "birdstrikes.csv": birdstrikes,
  "clinic-visits.csv": clinic,
  "co2-concentration.csv": co2,
  "earthquakes.json": earthquakes,
  "flights-2k.json": flights,
  "hospital-stays.csv": hospital,
  "housing.csv": housing,
  "orders.json": orders,
  "penguins.csv": penguins,
  "requests.ndjson": requests,
  "sales.csv": sales,
  "school-marks.csv": marks,
  "seattle-weather.csv": weather,
  "sensor-readings.tsv": sensors,
  "unemployment.tsv": unemployment,
  "us-employment.csv": employment,
};

const caseSchema = z.strictObject({
  brief: z.string(),
  data: z.array(z.string()).min(1),
  answers: z.array(z.string()).default([]),
  notes: z.array(z.string()).default([]),
  /** Every step of the plan, in order, with all of its inputs; the table only where there are several. */
  plan: z.array(z.record(z.string(), z.json())).optional(),
  /** Patterns that the plan's remarks must match. */
  remarks: z.array(z.string()).default([]),
  /** What must be asked, as patterns, and choices that must be offered. */
  ask: z
    .array(z.strictObject({ about: z.string().default(""), question: z.string().default(""), choices: z.array(z.string()).default([]) }))
    .optional(),
});
type Case = z.output<typeof caseSchema>;

const CORPUS = [sharedTables, ownTables, conversations, heldOut, everyday].flatMap((text) => z.array(caseSchema).parse(parse(text)));
const tally = { right: 0, asked: 0 };

/** Each table has a workspace of its own, so that it is loaded once. */
const workspaceOf = (name: string) => env.DATA_WORKSPACE.getByName(`ten_briefs/${name}`);
const profiles = new Map<string, DatasetProfile>();

async function profileOf(name: string): Promise<DatasetProfile> {
  const known = profiles.get(name);
  if (known !== undefined) return known;
  await env.ARTIFACTS.put(`briefs/${name}`, FILES[name] ?? "");
  const profile = await workspaceOf(name).load({ key: `briefs/${name}`, name });
  profiles.set(name, profile);
  return profile;
}

async function outcomeOf({ brief, data, answers, notes }: Case): Promise<PlanningOutcome> {
  const datasets = await Promise.all(data.map(profileOf));
  return planningOutcomeSchema.parse(planBrief({ brief, answers, notes, datasets, documents: [] }));
}

const stepInputSchema = z.object({ capsule: z.string(), inputs: z.record(z.string(), z.json()) });

/** The steps of a plan as the corpus writes them. */
function stepsOf(outcome: PlanningOutcome, tables: number) {
  if (outcome.kind === "questions") return outcome.questions.map(({ about, question }) => `asked about “${about}”: ${question}`);
  return Object.values(outcome.plan.graph.steps).map((step) => {
    const { capsule, inputs } = stepInputSchema.parse(step.with);
    const { table, ...rest } = inputs;
    return { capsule: capsule.replace("@^1", ""), ...rest, ...(tables > 1 ? { table } : {}) };
  });
}

const KINDS: Readonly<Record<string, string>> = { "compare-groups": "compare", "trend-over-time": "trend" };
const kindSchema = z.enum(["describe", "compare", "trend", "rank", "correlate", "distribution", "aggregate"]);

/** Every step can be computed: its inputs fit the capsule, and its query gives rows. */
async function expectRunnable(outcome: PlanningOutcome): Promise<void> {
  if (outcome.kind === "questions") return;
  for (const step of Object.values(outcome.plan.graph.steps)) {
    const { capsule, inputs } = stepInputSchema.parse(step.with);
    const manifest = builtinCapsule(capsule);
    const prepared = Object.entries(preparedInputs(manifest.graph, inputs)).filter(([, value]) => value !== null);
    const source = [...profiles.values()].find((profile) => profile.table === inputs.table)?.source ?? "";
    const analysis = await workspaceOf(source).analyze(
      kindSchema.parse(KINDS[manifest.name] ?? manifest.name),
      Object.fromEntries(prepared),
    );
    expect(analysis.statements.length, JSON.stringify(inputs)).toBeGreaterThan(0);
  }
}

describe("a brief as people write it", { timeout: 30_000 }, () => {
  it.each(CORPUS.map((each) => [each.brief.trim().slice(0, 120), each] as const))("%s", async (_, each) => {
    const outcome = await outcomeOf(each);
    if (each.plan !== undefined) {
      expect(stepsOf(outcome, each.data.length)).toEqual(each.plan);
      await expectRunnable(outcome);
      const remarks = outcome.kind === "plan" ? (outcome.plan.remarks ?? []).join("\n") : "";
      for (const remark of each.remarks) expect(remarks).toMatch(new RegExp(remark));
      tally.right += 1;
      return;
    }
    if (outcome.kind === "plan") expect.fail(`planned instead of asked: ${JSON.stringify(stepsOf(outcome, each.data.length))}`);
    for (const wanted of each.ask ?? []) {
      const asked = outcome.questions.filter(
        (question) => new RegExp(wanted.about, "i").test(question.about) && new RegExp(wanted.question, "i").test(question.question),
      );
      expect(asked, JSON.stringify(outcome.questions)).not.toEqual([]);
      for (const choice of wanted.choices) expect(asked.flatMap(({ choices }) => choices)).toContain(choice);
    }
    tally.asked += 1;
  });

  afterAll(() => {
    console.info(
      `${CORPUS.length} briefs: ${tally.right} planned right, ${tally.asked} asked as they must be, ${CORPUS.length - tally.right - tally.asked} wrong`,
    );
  });
});
