import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KamachiqProject } from "../../durable-objects/kamachiq-project/kamachiq-project.ts";
import penguins from "../data/penguins.csv?raw";
import { alterMethod } from "./altered-method.ts";
import { massTask, publish, readJson, withPlan } from "./kamachiq-plans.ts";
import { allEvents, control, settledProject, startProject, upload } from "./projects.ts";
import { ends, modelAnswers, says, until } from "./scripted-model.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const ANY = { type: "any", required: false };
const STRICT = {
  graph: {
    inputs: { title: ANY, brief: ANY, report: ANY, goals: ANY, round: ANY },
    steps: {},
    outputs: { review: { score: 0.5, passed: false, notes: "Too thin." } },
  },
};
const reviewsSchema = z.object({
  items: z.array(z.object({ id: z.string(), title: z.string(), round: z.number(), openedAt: z.string(), waitingSeconds: z.number() })),
  nextCursor: z.string().optional(),
});
const reviewSchema = z.object({
  round: z.number(),
  passed: z.boolean(),
  notes: z.string(),
  openedAt: z.string().optional(),
  report: z.object({ text: z.string(), sha256: z.string() }),
  evidence: z.array(z.object({ goal: z.string(), evidence: z.array(z.unknown()) })),
  difference: z.object({ against: z.number(), lines: z.array(z.object({ kind: z.string(), text: z.string() })) }).optional(),
});
const summarySchema = z.object({
  total: z.number(),
  active: z.number(),
  done: z.number(),
  failed: z.number(),
  projects: z.record(z.string(), z.number()),
  spend: z.object({ costMicros: z.number(), tokens: z.number() }),
  findings: z.number(),
  gates: z.object({ open: z.number(), oldestOpenedAt: z.string().optional(), oldestAgeSeconds: z.number().optional() }),
});

/** Projects that wait at the gate, begun one after the other. */
async function atTheGate(tenant: TestTenant, count: number): Promise<string[]> {
  await publish(tenant, "strict", STRICT);
  const artifact = await upload(tenant, "penguins.csv", penguins);
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const id = await startProject(tenant, "- Compare body mass by species.", [artifact], {
      title: `Project ${i + 1}`,
      governance: { reviewer: "strict@^1" },
    });
    expect((await settledProject(tenant, id)).state).toBe("gate");
    ids.push(id);
  }
  return ids;
}

const queue = (tenant: TestTenant, query = "") => readJson(tenant, `/v1/kamachiq/reviews${query}`, reviewsSchema);

describe("the queue of reviews", () => {
  it("has every project that waits for a person, the longest waiting first, in pages, and nothing of another tenant", async () => {
    const tenant = await newTenant();
    const ids = await atTheGate(tenant, 3);
    await until(async () => (await queue(tenant)).items.length === 3, "the queue has all three");
    const first = await queue(tenant, "?limit=2");
    const second = await queue(tenant, `?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeUndefined();
    expect((await queue(await newTenant())).items).toEqual([]);
    expect((await tenant.fetch("/v1/kamachiq/reviews?cursor=bm9uZQ")).status).toBe(400);
    await control(tenant, ids[0] ?? "", "gate", { decision: "refuse", notes: "No." });
    await control(tenant, ids[1] ?? "", "gate", { decision: "approve" });
    await until(async () => (await queue(tenant)).items.length === 1, "what was decided is gone");
    const summary = await readJson(tenant, "/v1/kamachiq/summary", summarySchema);
    expect(summary).toMatchObject({ total: 3, active: 1, done: 1, failed: 0, gates: { open: 1, oldestAgeSeconds: expect.any(Number) } });
    expect(summary.projects).toEqual({ gate: 1, delivered: 1, refused: 1 });
  });

  it("gives what a decision is made on: the report, its evidence, and how it differs from the round before", async () => {
    const tenant = await newTenant();
    const [id = ""] = await atTheGate(tenant, 1);
    const path = `/v1/kamachiq/projects/${id}/review`;
    const first = await readJson(tenant, path, reviewSchema);
    expect(first).toMatchObject({ round: 1, passed: false, notes: "Too thin.", openedAt: expect.any(String) });
    expect(first.report.text).toContain("Compare body mass by species");
    expect(sha256(first.report.text)).toBe(first.report.sha256);
    expect(first.evidence[0]?.evidence.length).toBeGreaterThan(0);
    expect(first.difference).toBeUndefined();
    await control(tenant, id, "gate", { decision: "revise", notes: "Also compare flipper length by island." });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "gate", round: 2 });
    const second = await readJson(tenant, path, reviewSchema);
    expect(second.difference?.against).toBe(1);
    const added = second.difference?.lines.filter(({ kind }) => kind === "added").map(({ text }) => text);
    expect(added?.join("\n")).toContain("flipper length by island");
    expect(second.difference?.lines.some(({ kind, text }) => kind === "removed" && text.includes("body mass by species"))).toBe(false);
    expect((await (await newTenant()).fetch(path)).status).toBe(404);
  });
});

describe("a review that finds results which do not hold", () => {
  it("has those tasks done again, and no other, before it asks a person", async () => {
    let lies = 1;
    alterMethod(KamachiqProject.prototype, "taskSettled", (call, [order]) => {
      if (lies > 0 && JSON.stringify(order).includes('"r1/b"')) {
        lies -= 1;
        turnRows(order);
      }
      return call();
    });
    const { tenant, id } = await withPlan({ a: massTask(3_000), b: massTask(3_100) });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered", round: 2, review: { score: 1 } });
    const events = await allEvents(tenant, `/v1/kamachiq/projects/${id}`);
    expect(events.find(({ type }) => type === "review.reworked")?.data).toMatchObject({ round: 1, tasks: ["r1/b"] });
    const worked = events.filter(({ type, data }) => type === "step.waiting" && data.on === "agent").map(({ data }) => data.step);
    expect(worked).toEqual(["r1/a", "r1/b", "r2/b"]);
  });

  it("opens the gate when that was tried so often", async () => {
    alterMethod(KamachiqProject.prototype, "taskSettled", (call, [order]) => {
      turnRows(order);
      return call();
    });
    const { tenant, id } = await withPlan({ a: massTask(3_000) }, { maxReworks: 2 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "gate", round: 3 });
    expect((await allEvents(tenant, `/v1/kamachiq/projects/${id}`)).filter(({ type }) => type === "review.reworked")).toHaveLength(2);
  });
});

describe("the provenance of a deliverable", () => {
  const manifestSchema = z.object({
    briefSha256: z.string(),
    sources: z.array(z.object({ artifact: z.string(), name: z.string(), sha256: z.string() })),
    deliverables: z.array(z.object({ name: z.string(), sha256: z.string(), provenanceSha256: z.string() })),
  });
  const statementSchema = z.object({
    _type: z.literal("https://in-toto.io/Statement/v1"),
    subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })).length(1),
    predicateType: z.literal("https://slsa.dev/provenance/v1"),
    predicate: z.object({
      buildDefinition: z.object({
        buildType: z.url(),
        internalParameters: z.object({ steps: z.array(z.object({ step: z.string(), resultSha256: z.string() })) }),
        resolvedDependencies: z.array(z.object({ name: z.string(), uri: z.string().optional(), digest: z.object({ sha256: z.string() }) })),
      }),
      runDetails: z.object({ builder: z.object({ id: z.url() }) }),
    }),
  });

  it("names its digest, its steps and what they read, and the manifest has its hash", async () => {
    const { tenant, id } = await withPlan({ a: massTask(3_000), b: massTask(3_100) });
    expect((await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/report.html/provenance`)).status).toBe(404);
    await settledProject(tenant, id);
    const base = `/v1/kamachiq/projects/${id}/deliverables`;
    const manifest = await readJson(tenant, `${base}/manifest.json`, manifestSchema);
    expect(manifest.deliverables.map(({ name }) => name)).toContain("charts/g1-1-1.svg");
    for (const { name, sha256: expected, provenanceSha256 } of manifest.deliverables) {
      const response = await tenant.fetch(`${base}/${encodeURIComponent(name)}/provenance`);
      expect(response.headers.get("content-type")).toContain("application/vnd.in-toto+json");
      const text = await response.text();
      expect(sha256(text)).toBe(provenanceSha256);
      const { subject, predicate } = statementSchema.parse(JSON.parse(text));
      const file = await tenant.fetch(`${base}/${encodeURIComponent(name)}`);
      expect(subject).toEqual([{ name, digest: { sha256: sha256(new Uint8Array(await file.arrayBuffer())) } }]);
      expect(subject[0]?.digest.sha256).toBe(expected);
      const dependencies = predicate.buildDefinition.resolvedDependencies;
      expect(dependencies.find((dependency) => dependency.name === "penguins.csv")?.digest.sha256).toBe(sha256(penguins));
      expect(dependencies.find((dependency) => dependency.name === "brief")?.digest.sha256).toBe(manifest.briefSha256);
      const steps = predicate.buildDefinition.internalParameters.steps.map(({ step }) => step);
      expect(steps).toEqual(name.startsWith("charts/g1") ? ["a"] : name.startsWith("charts/g2") ? ["b"] : ["a", "b"]);
    }
    expect((await tenant.fetch(`${base}/nothing.txt/provenance`)).status).toBe(404);
    const page = z.object({ items: z.array(z.object({ name: z.string() })), nextCursor: z.string().optional() });
    const first = await readJson(tenant, `${base}?limit=2`, page);
    const second = await readJson(tenant, `${base}?limit=200&cursor=${first.nextCursor}`, page);
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(manifest.deliverables.map(({ name }) => name));
  });
});

describe("the agents of a project", () => {
  it("tell each other what they should know, once", async () => {
    let asked = 0;
    modelAnswers(async function* (request) {
      const isFirst = request.messages.at(-1)?.role !== "tool" || asked === 0;
      asked += 1;
      if (isFirst) yield { kind: "call", call: { id: "call_1", name: "project_tell", input: { text: "Adelie has two gaps." } } };
      else yield says("Found.");
      yield ends;
    });
    const { tenant, id } = await withPlan({ a: massTask(3_000) });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    const told = (await allEvents(tenant, `/v1/kamachiq/projects/${id}`)).filter(({ type }) => type === "collaboration.message");
    expect(told.map(({ data }) => [data.from, data.to, data.text])).toEqual([
      [expect.stringMatching(/^ses_/), "all", "Adelie has two gaps."],
    ]);
  });

  it("hand over what they found to those who build on it, and are told messages", async () => {
    const { tenant, id } = await withPlan({ a: massTask(3_000), b: massTask(3_100, { needs: ["a"] }) });
    const path = `/v1/kamachiq/projects/${id}`;
    expect((await tenant.post(`${path}/messages`, { text: "Mind the missing values." })).status).toBe(201);
    await settledProject(tenant, id);
    const events = await allEvents(tenant, path);
    expect(events.find(({ type }) => type === "collaboration.handover")?.data).toMatchObject({
      from: "r1/a",
      to: "r1/b",
      characters: expect.any(Number),
    });
    expect(events.find(({ type }) => type === "collaboration.message")?.data).toMatchObject({
      to: "all",
      text: "Mind the missing values.",
    });
    const session = events.find(({ type, data }) => type === "step.intended" && data.step === "r1/b")?.data.child;
    const turn = (await allEvents(tenant, `/v1/sessions/${String(session)}`)).find(({ type }) => type === "turn.started");
    expect(JSON.stringify(turn?.data)).toContain("Body mass above 3000 by species:");
    const messages = await readJson(tenant, `${path}/messages`, z.object({ items: z.array(z.object({ text: z.string() })) }));
    expect(messages.items.map(({ text }) => text)).toEqual(["Mind the missing values."]);
  });
});

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Turns every list of rows in what an agent reports upside down. */
function turnRows(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === "rows" && Array.isArray(member)) member.reverse();
    else turnRows(member);
  }
}
