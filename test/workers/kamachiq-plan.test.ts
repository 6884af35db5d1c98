import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DataWorkspace } from "../../durable-objects/data-workspace/data-workspace.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { alterMethod } from "./altered-method.ts";
import { massTask, readJson, withBrief, withPlan } from "./kamachiq-plans.ts";
import { allEvents, control, settledProject } from "./projects.ts";
import { until } from "./scripted-model.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const path = (id: string) => `/v1/kamachiq/projects/${id}`;
const countsSchema = z.object({
  progress: z.object({ total: z.number(), done: z.number(), wave: z.number() }),
  tasks: z.array(z.object({ step: z.string() })),
  milestones: z.array(z.object({ name: z.string(), tasks: z.number(), done: z.number(), reachedAt: z.string().optional() })),
});
const tasksSchema = z.object({
  items: z.array(
    z.object({
      step: z.string(),
      wave: z.number(),
      state: z.string(),
      accept: z.array(z.object({ condition: z.string(), isMet: z.boolean().optional() })),
    }),
  ),
  nextCursor: z.string().optional(),
});

async function typesOf(tenant: TestTenant, id: string): Promise<string[]> {
  return (await allEvents(tenant, path(id))).map((event) => event.type);
}

describe("a plan that comes with a project", () => {
  it("is worked on in waves, told in pages, and its milestones are reached", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `task_${i + 1}`);
    const steps = Object.fromEntries(names.map((name, i) => [name, massTask(2_700 + i, { needs: i < 10 ? [] : [names[i - 10] ?? ""] })]));
    const milestones = [
      { name: "first", title: "The first ten", tasks: names.slice(0, 10) },
      { name: "all", title: "All of them", tasks: names },
    ];
    const { tenant, id } = await withPlan(steps, { milestones }, { max_parallel: 4 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered", title: "Penguins", review: { score: 1 } });
    const { progress, milestones: reached } = await readJson(tenant, path(id), countsSchema);
    expect(progress).toMatchObject({ total: 30, done: 30, wave: 3 });
    expect(reached).toMatchObject([
      { name: "first", tasks: 10, done: 10 },
      { name: "all", tasks: 30, done: 30 },
    ]);
    const first = await readJson(tenant, `${path(id)}/tasks?limit=20`, tasksSchema);
    const second = await readJson(tenant, `${path(id)}/tasks?limit=20&cursor=${first.nextCursor}`, tasksSchema);
    expect([...first.items, ...second.items].map(({ step }) => step)).toEqual(names);
    expect(second.items.at(-1)?.wave).toBe(3);
    expect(second.nextCursor).toBeUndefined();
    const events = await allEvents(tenant, path(id));
    expect(events.filter(({ type }) => type === "wave.started").map(({ data }) => data.wave)).toEqual([1, 2, 3]);
    expect(events.filter(({ type }) => type === "milestone.reached").map(({ data }) => data.milestone)).toEqual(["first", "all"]);
    expect(mostOpen(events)).toBeLessThanOrEqual(4);
  });

  it("that cannot run is refused with the place, or when its data does not have what it names", async () => {
    const tenant = await newTenant();
    const order = (plan: unknown) => tenant.post("/v1/kamachiq/projects", { plan });
    const wrong = await order({ graph: { steps: { a: { ...massTask(1), needs: ["b"] }, b: { ...massTask(2), needs: ["a"] } } } });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({
      type: "urn:soma:problem:invalid-graph",
      errors: [{ pointer: expect.stringContaining("/plan/graph/steps/") }],
    });
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`t${i}`, massTask(i)]));
    expect(await (await order({ graph: { steps: many } })).json()).toMatchObject({ detail: expect.stringContaining("at most 1000 steps") });
    expect((await order({ graph: { steps: { a: { uses: "team:selector", with: {} } } } })).status).toBe(422);
    expect((await tenant.post("/v1/kamachiq/projects", {})).status).toBe(400);
    const { tenant: other, id } = await withPlan({ a: massTask(1, { inputs: { measure: "wing_span" } }) });
    expect(await settledProject(other, id)).toMatchObject({
      state: "failed",
      problem: { type: "invalid-graph", detail: expect.stringContaining("wing_span") },
    });
  });

  it("has its results held against the conditions of its tasks, and shows them", async () => {
    const accept = ["size(output.analyses) == 1", "output.engine == 'embedded'"];
    const good = await withPlan({ a: massTask(3_000, { accept }) });
    expect(await settledProject(good.tenant, good.id)).toMatchObject({ state: "delivered" });
    const { items } = await readJson(good.tenant, `${path(good.id)}/tasks`, tasksSchema);
    expect(items[0]?.accept).toEqual(accept.map((condition) => ({ condition, isMet: true })));
    const bad = await withPlan({ a: massTask(3_000, { accept: ["size(output.analyses) > 5"] }) }, { maxReplans: 0 });
    expect(await settledProject(bad.tenant, bad.id)).toMatchObject({
      state: "failed",
      problem: { detail: expect.stringContaining("does not meet its condition: size(output.analyses) > 5") },
    });
  });

  it("waits for a person where it says so", async () => {
    const { tenant, id } = await withPlan({ ok: { uses: "human:approve", title: "Go on?" }, a: massTask(3_000, { needs: ["ok"] }) });
    await until(async () => (await readJson(tenant, `${path(id)}/tasks`, tasksSchema)).items[0]?.state === "waiting", "the step waits");
    expect(await control(tenant, id, "tasks/ok/answer", { text: "yes" })).toMatchObject({ status: 400 });
    expect(await control(tenant, id, "tasks/ok/answer", { decision: "approve" })).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    expect(await control(tenant, id, "tasks/ok/answer", { decision: "refuse" })).toMatchObject({ status: 409 });
    expect(await control(tenant, id, "tasks/nothing/answer", { decision: "refuse" })).toMatchObject({ status: 404 });
  });
});

describe("a task that fails for good", () => {
  it("is planned in another way, and what was done is not done again", async () => {
    alterMethod(DataWorkspace.prototype, "analyze", (call, args) => {
      if (JSON.stringify(args).includes("3333") && JSON.stringify(args).includes('"compare'))
        throw new Problem("invalid-request", "The test wants this to fail.");
      return call();
    });
    const { tenant, id } = await withPlan({ a: massTask(3_000), b: massTask(3_333) });
    const project = await settledProject(tenant, id);
    expect(project).toMatchObject({ state: "delivered", round: 2 });
    const events = await allEvents(tenant, path(id));
    expect(events.find(({ type }) => type === "project.replanned")?.data).toMatchObject({ failed: [{ step: "r1/b" }] });
    expect(events.filter(({ type, data }) => type === "step.waiting" && data.on === "agent").map(({ data }) => data.step)).toEqual([
      "r1/a",
      "r1/b",
      "r2/b",
    ]);
    const report = await (await tenant.fetch(`${path(id)}/deliverables/report.md`)).text();
    expect(report).toContain("rank@^1 was used instead");
  });

  it("again and again fails the project after so many plans", async () => {
    alterMethod(DataWorkspace.prototype, "analyze", () => {
      throw new Problem("invalid-request", "The test wants this to fail.");
    });
    const { tenant, id } = await withPlan({ a: massTask(3_000) });
    expect(await settledProject(tenant, id)).toMatchObject({
      state: "failed",
      problem: { detail: expect.stringContaining("Task a failed") },
    });
    expect((await typesOf(tenant, id)).filter((type) => type === "project.replanned").length).toBeLessThanOrEqual(3);
  });
});

/** Has every analysis wait until it is let go. */
function heldAnalyses(): { isHeld: boolean } {
  const hold = { isHeld: true };
  alterMethod(DataWorkspace.prototype, "analyze", async (call) => {
    while (hold.isHeld) await scheduler.wait(5);
    return call();
  });
  return hold;
}

describe("a brief that is amended", () => {
  it("keeps what it does not touch, and adds what it asks for", async () => {
    const hold = heldAnalyses();
    const { tenant, id } = await withBrief("- Compare body mass by species.\n- Compare flipper length by island.");
    await until(async () => (await typesOf(tenant, id)).includes("wave.started"), "the tasks have started");
    expect(await control(tenant, id, "amend", { text: "Also rank the islands by body mass." })).toMatchObject({ status: 200 });
    hold.isHeld = false;
    const project = await settledProject(tenant, id);
    expect(project).toMatchObject({ state: "delivered", round: 2 });
    expect(project.tasks).toHaveLength(3);
    const events = await allEvents(tenant, path(id));
    const sessions = events.filter(({ type, data }) => type === "step.intended" && data.child !== undefined).map(({ data }) => data.child);
    expect(new Set(sessions).size).toBe(3);
    expect(await control(tenant, id, "amend", { text: "More." })).toMatchObject({ status: 409 });
  });

  it("ends the tasks that it drops, whose agents stop", async () => {
    const hold = heldAnalyses();
    const { tenant, id } = await withBrief("- Compare body mass by species.\n- Compare flipper length by island.");
    await until(async () => (await typesOf(tenant, id)).includes("wave.started"), "the tasks have started");
    expect(await control(tenant, id, "amend", { text: "Drop the comparison of flipper length." })).toMatchObject({ status: 200 });
    hold.isHeld = false;
    const project = await settledProject(tenant, id);
    expect(project).toMatchObject({ state: "delivered", round: 2 });
    expect(project.tasks).toHaveLength(1);
    expect(await (await tenant.fetch(`${path(id)}/deliverables/report.md`)).text()).toContain("was left out");
  });

  it("that asked a question is planned anew, and one of a plan that was given adds to it", async () => {
    const asked = await withBrief("Compare the bill by species.");
    expect(await settledProject(asked.tenant, asked.id)).toMatchObject({ state: "questions" });
    await control(asked.tenant, asked.id, "amend", { text: "Drop the comparison of the bill. Compare body mass by species." });
    expect((await settledProject(asked.tenant, asked.id)).round).toBe(2);
    const given = await withPlan({ ok: { uses: "human:approve" }, a: massTask(3_000, { needs: ["ok"] }) });
    await until(async () => (await typesOf(given.tenant, given.id)).includes("step.waiting"), "the step waits");
    expect(await control(given.tenant, given.id, "amend", { text: "Compare flipper length by island." })).toMatchObject({ status: 200 });
    await until(
      async () => (await typesOf(given.tenant, given.id)).filter((type) => type === "project.planned").length === 2,
      "it was planned again",
    );
    await control(given.tenant, given.id, "tasks/ok/answer", { decision: "approve" });
    expect((await settledProject(given.tenant, given.id)).tasks.map(({ step }) => step)).toEqual(["ok", "a", "analyze_1"]);
  });
});

/** The most tasks that agents worked on at the same time, by the events. */
function mostOpen(events: readonly { type: string; data: Record<string, unknown> }[]): number {
  let open = 0;
  let most = 0;
  for (const { type, data } of events) {
    if (!/^r\d+\/[^/]+$/.test(String(data.step))) continue;
    if (type === "step.intended") most = Math.max(most, ++open);
    if (type === "step.done" || type === "step.failed") open -= 1;
  }
  return most;
}
