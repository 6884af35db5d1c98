import { describe, expect, it } from "vitest";
import { DataWorkspace } from "../../durable-objects/data-workspace/data-workspace.ts";
import { KamachiqProject } from "../../durable-objects/kamachiq-project/kamachiq-project.ts";
import { Problem } from "../../workers/platform/problem.ts";
import penguins from "../data/penguins.csv?raw";
import { alterMethod } from "./altered-method.ts";
import { allEvents, control, readProject, settledProject, startProject, upload } from "./projects.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const BRIEF = "- Compare body mass by species.\n- Compare flipper length by island.\n- How is bill length distributed?";

async function started(brief = BRIEF, options = {}): Promise<{ tenant: TestTenant; id: string }> {
  const tenant = await newTenant();
  return { tenant, id: await startProject(tenant, brief, [await upload(tenant, "penguins.csv", penguins)], options) };
}

async function eventTypes(tenant: TestTenant, id: string): Promise<string[]> {
  return (await allEvents(tenant, `/v1/kamachiq/projects/${id}`)).map((event) => event.type);
}

describe("a person", () => {
  it("holds a project up and lets it go on", async () => {
    const { tenant, id } = await started();
    expect(await control(tenant, id, "pause")).toMatchObject({ status: 200 });
    expect((await readProject(tenant, id)).state).toBe("paused");
    await scheduler.wait(100);
    const held = await eventTypes(tenant, id);
    await scheduler.wait(200);
    expect(await eventTypes(tenant, id)).toEqual(held);
    expect(held).not.toContain("project.delivered");
    expect(await control(tenant, id, "resume")).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
  });

  it("cancels a project, whose tasks end with it", async () => {
    const { tenant, id } = await started();
    expect(await control(tenant, id, "cancel")).toMatchObject({ status: 200 });
    expect(await readProject(tenant, id)).toMatchObject({ state: "cancelled", deliverables: [] });
    expect(await control(tenant, id, "cancel")).toEqual({
      status: 409,
      detail: "The project is cancelled; there is nothing to cancel.",
    });
    const stream = await tenant.fetch(`/v1/kamachiq/projects/${id}/events`, { headers: { Accept: "text/event-stream" } });
    expect(await stream.text()).toContain("event: project.cancelled");
    for (const { session } of (await readProject(tenant, id)).tasks) {
      if (session === undefined) continue;
      const types = (await allEvents(tenant, `/v1/sessions/${session}`)).map((event) => event.type);
      expect(types.filter((type) => type === "turn.completed" || type === "turn.failed")).toHaveLength(1);
    }
  });

  it("answers what the planner asks, and cannot answer what it does not", async () => {
    const { tenant, id } = await started("Compare the bill by species.");
    const asked = await settledProject(tenant, id);
    expect(asked.state).toBe("questions");
    expect(asked.questions[0]?.choices.join(" ")).toMatch(/bill/i);
    expect(await control(tenant, id, "answers", { text: "bill length" })).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered", round: 2 });
    expect(await control(tenant, id, "answers", { text: "bill depth" })).toMatchObject({ status: 409 });
  });
});

describe("a task that fails", () => {
  it("fails the project once the others have ended, and is tried again by name or by going on", async () => {
    let refusals = 2;
    alterMethod(DataWorkspace.prototype, "analyze", (call) => {
      if (refusals === 0) return call();
      refusals -= 1;
      throw new Problem("invalid-request", "The test wants this analysis to fail.");
    });
    const { tenant, id } = await started(BRIEF, { maxReplans: 0 });
    const failed = await settledProject(tenant, id);
    expect(failed.state).toBe("failed");
    expect(failed.problem?.detail).toContain("The test wants this analysis to fail.");
    const tasks = failed.tasks.filter((task) => task.state === "failed");
    expect(tasks).toHaveLength(2);
    expect(await control(tenant, id, `tasks/${tasks[0]?.step}/retry`)).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "failed" });
    expect(await control(tenant, id, "resume")).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered", review: { score: 1 } });
    const done = failed.tasks.find((task) => task.state === "done");
    expect(await control(tenant, id, `tasks/${done?.step}/retry`)).toMatchObject({ status: 409 });
    expect(await control(tenant, id, "tasks/nothing/retry")).toMatchObject({ status: 404 });
  });

  it("that was a file which could not be loaded leaves the project where it was, to be tried again", async () => {
    let isRefused = true;
    alterMethod(DataWorkspace.prototype, "load", (call) => {
      if (isRefused) throw new Problem("invalid-request", "The test wants this file to fail.");
      return call();
    });
    const { tenant, id } = await started();
    expect(await settledProject(tenant, id)).toMatchObject({ state: "failed", tasks: [] });
    isRefused = false;
    expect(await control(tenant, id, "resume")).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
  });
});

describe("the gate opens when a figure cannot be computed again, and then", () => {
  /** Agents that report other figures than the data gives. */
  async function atTheGate(): Promise<{ tenant: TestTenant; id: string }> {
    alterMethod(KamachiqProject.prototype, "taskSettled", (call, [order]) => {
      turnRows(order);
      return call();
    });
    const { tenant, id } = await started(BRIEF, { maxReworks: 0 });
    const project = await settledProject(tenant, id);
    expect(project.state).toBe("gate");
    expect(project.review?.score).toBeLessThan(0.8);
    expect(project.review?.notes).toContain("a query gives other rows now");
    expect(project.deliverables).toEqual([]);
    return { tenant, id };
  }

  it("a person approves", async () => {
    const { tenant, id } = await atTheGate();
    expect(await control(tenant, id, "gate", { decision: "approve" })).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    expect(await control(tenant, id, "gate", { decision: "refuse" })).toMatchObject({ status: 409 });
    const manifest = await (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/manifest.json`)).json();
    expect(manifest).toMatchObject({ review: { approvedBy: "person" } });
  });

  it("a person refuses", async () => {
    const { tenant, id } = await atTheGate();
    expect(await control(tenant, id, "gate", { decision: "refuse", notes: "No." })).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "refused", deliverables: [] });
  });

  it("a person sends it back with notes, and what they do not touch is not done again", async () => {
    const { tenant, id } = await atTheGate();
    expect(await control(tenant, id, "gate", { decision: "revise" })).toMatchObject({ status: 400 });
    expect(await control(tenant, id, "gate", { decision: "revise", notes: "Also rank the species by body mass." })).toMatchObject({
      status: 200,
    });
    const project = await settledProject(tenant, id);
    expect(project).toMatchObject({ state: "gate", round: 2 });
    const turns = (await eventTypes(tenant, id)).filter((type) => type === "step.waiting");
    expect(turns.length).toBeLessThan(2 * project.tasks.length);
  });
});

/** Turns every list of rows in what an agent reports upside down. */
function turnRows(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === "rows" && Array.isArray(member)) member.reverse();
    else turnRows(member);
  }
}
