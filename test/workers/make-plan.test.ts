import { describe, expect, it } from "vitest";
import { capsuleManifestSchema } from "../../workers/capsules/manifest.ts";
import { listCapsules } from "../../workers/capsules/registry.ts";
import { makePlan } from "../../workers/kamachiq/make-plan.ts";
import type { PlanningOutcome } from "../../workers/kamachiq/plan.ts";
import type { ModelClient } from "../../workers/models/client.ts";
import type { ColumnProfile, DatasetProfile } from "../../workers/tools/data/profile.ts";
import { findTool } from "../../workers/tools/registry.ts";

const column = (name: string, type: ColumnProfile["type"], values: string[] = []): ColumnProfile => ({
  name,
  type,
  relation: "penguins",
  missing: 0,
  distinct: values.length || 90,
  min: 1,
  max: 9,
  mean: null,
  top: values.map((value) => ({ value, count: 9 })),
});
const penguins: DatasetProfile = {
  table: "penguins",
  source: "penguins.csv",
  sha256: "",
  format: "csv",
  rows: 344,
  columns: [column("species", "text", ["Adelie", "Gentoo"]), column("island", "text", ["Dream"]), column("body_mass_g", "integer")],
  badRowCount: 0,
  badRows: [],
  notes: [],
};
const NO_COST = { inputTokens: 1, outputTokens: 1, costMicros: 0 };
const TERMS = { signal: new AbortController().signal, reserve: async () => undefined, spent: () => undefined };

/** A model that says these things one after the other, and what it was asked. */
function model(...answers: readonly unknown[]): ModelClient & { prompts: string[] } {
  const prompts: string[] = [];
  return {
    prompts,
    engine: "scripted",
    isPaid: false,
    timeoutMs: 1_000,
    ceilingMicros: () => 0,
    ceilingTokens: () => 0,
    estimate: () => NO_COST,
    async *stream(request) {
      const answer = answers[prompts.length];
      prompts.push(JSON.stringify(request.messages));
      yield { kind: "text", text: typeof answer === "string" ? answer : JSON.stringify(answer) };
      yield { kind: "end", usage: NO_COST, isCutOff: false };
    },
  };
}

async function planned(client: ModelClient, brief: string): Promise<PlanningOutcome> {
  const input = { brief, answers: [], notes: [], datasets: [penguins], documents: [] };
  return (await makePlan(client, input, TERMS)).outcome;
}

const MATCHED = "- Compare body mass by species";
const UNMATCHED = "- Compare the wing colour by species";
const INPUTS = { table: "penguins", measure: "body_mass_g", groups: ["species"] };
const GOAL = { text: "Compare body mass and wing colour by species", capsule: "compare-groups@^1", inputs: INPUTS };
const task = (needs: string[], more: object = {}) => ({
  uses: "agent:analyst",
  needs,
  with: { goal: GOAL.text, goal_id: "g1", capsule: GOAL.capsule, inputs: INPUTS },
  ...more,
});
const graphPlan = (steps: Record<string, unknown>) => ({
  title: "Penguins",
  goals: [{ id: "g1", text: GOAL.text, steps: Object.keys(steps) }],
  graph: { steps },
});

const HOSTILE: readonly (readonly [string, unknown, string])[] = [
  ["steps that wait for each other", graphPlan({ a: task(["b"]), b: task(["a"]) }), "steps wait for each other: a needs b needs a"],
  ["a need that is no step", graphPlan({ a: task(["z"]) }), "there is no step z"],
  ["a condition on what is not before it", graphPlan({ a: task([], { when: "steps.b.output == 1" }), b: task([]) }), "reads b"],
  [
    "a tool of its choice",
    graphPlan({ a: { uses: "tool:http.fetch", with: { url: "http://169.254.169.254/" } } }),
    "the steps of a plan are agent:analyst",
  ],
  [
    "a step of no goal",
    { ...graphPlan({ a: task([]), b: task([]) }), goals: [{ id: "g1", text: GOAL.text, steps: ["a"] }] },
    "step b belongs to no goal",
  ],
  ["a goal of no step", { ...graphPlan({ a: task([]) }), goals: [{ id: "g1", text: GOAL.text, steps: ["nowhere"] }] }, "which is no step"],
  [
    "ten thousand steps",
    graphPlan(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`s${i}`, task([])]))),
    "at most 1000 steps",
  ],
  ["ten thousand goals", { goals: Array.from({ length: 10_000 }, () => GOAL) }, "goals"],
  ["a capsule nobody knows", { goals: [{ ...GOAL, capsule: "../../etc@^1" }] }, "There is no capsule"],
  ["a version nobody made", { goals: [{ ...GOAL, capsule: "compare-groups@^9" }] }, "There is no capsule"],
  ["a column that is not there", { goals: [{ ...GOAL, inputs: { ...INPUTS, measure: "x'; DROP TABLE penguins" } }] }, "has no column"],
  ["only a part of the brief", { goals: [{ ...GOAL, text: "Something else" }] }, "no goal is about"],
  ["nothing", {}, "there is neither a goal nor a question"],
  ["half an object", '{"goals": [', "the answer holds no JSON object"],
];

describe("a plan that a model returns with", () => {
  it.each(HOSTILE)("%s is told back once, and then planned without the model", async (_, wrong, fault) => {
    const client = model(wrong, wrong);
    const outcome = await planned(client, MATCHED);
    expect(client.prompts).toHaveLength(2);
    expect(client.prompts[1]).toContain(fault);
    expect(outcome).toMatchObject({ kind: "plan", engine: "embedded" });
  });

  it.each(HOSTILE)("%s becomes a question where nobody can plan the brief", async (_, wrong, fault) => {
    const outcome = await planned(model(wrong, wrong), UNMATCHED);
    expect(outcome).toMatchObject({ kind: "questions", questions: [{ question: expect.stringContaining(fault) }] });
  });

  it("a mended second answer is taken", async () => {
    const outcome = await planned(model({ goals: [{ ...GOAL, capsule: "x@^1" }] }, { goals: [GOAL] }), MATCHED);
    expect(outcome).toMatchObject({ kind: "plan", engine: "scripted", plan: { goals: [{ text: GOAL.text, steps: ["analyze_1"] }] } });
  });

  it("a graph that can run keeps its order and nothing else that a step could say", async () => {
    const steps = { a: task([]), b: task(["a"], { on_error: "continue", retry: { attempts: 20 }, timeout: "7d" }) };
    const outcome = await planned(model(graphPlan(steps)), MATCHED);
    expect(outcome.kind === "plan" && outcome.plan.graph.steps.b).toMatchObject({ needs: ["a"], on_error: "fail" });
    expect(outcome.kind === "plan" && outcome.plan.graph.steps.b?.retry).toBeUndefined();
  });

  it("templates and markup in its words are words", async () => {
    const text = "Compare body mass by species <script>alert(1)</script> ${1 + 1}";
    const outcome = await planned(model({ title: "<b>x</b>", goals: [{ ...GOAL, text }] }), MATCHED);
    expect(outcome.kind === "plan" && outcome.plan.goals[0]?.text).toBe(text);
    expect(outcome.kind === "plan" && JSON.stringify(outcome.plan.graph.steps.analyze_1?.with.goal)).not.toContain("${1");
  });
});

describe("a capsule", () => {
  it("that comes with the platform for tasks uses tools that there are", () => {
    for (const { graph } of listCapsules().filter(({ purpose }) => purpose !== undefined))
      for (const { uses } of Object.values(graph.steps)) expect(() => findTool(uses.slice("tool:".length)), uses).not.toThrow();
  });

  it("whose steps wait for each other is refused with the place", () => {
    const steps = { a: { uses: "tool:data.query", needs: ["b"] }, b: { uses: "tool:data.query", needs: ["a"] } };
    const parsed = capsuleManifestSchema.safeParse({ name: "circle", version: "1.0.0", title: "t", description: "d", graph: { steps } });
    expect(parsed.error?.issues).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("a needs b needs a"), path: ["graph", "steps", "a", "needs"] }),
    );
  });
});
