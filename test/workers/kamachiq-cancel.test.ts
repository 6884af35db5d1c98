import { env, evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { massTask, withPlan } from "./kamachiq-plans.ts";
import { allEvents, control, readProject, settledProject } from "./projects.ts";
import { until } from "./scripted-model.ts";

const STEPS = { a: massTask(3_000), b: massTask(3_100, { needs: ["a"] }), c: massTask(3_200, { needs: ["b"] }) };
/** Points on the way of a project, by the event that has just happened. */
const POINTS = [
  "project.created",
  "project.planned",
  "wave.started",
  "collaboration.handover",
  "milestone.reached",
  "review.completed",
] as const;
const OPTIONS = { peerReview: true, budget: { tokens: 100_000 }, milestones: [{ name: "first", title: "First", tasks: ["a"] }] };

async function at(point: string) {
  const { tenant, id } = await withPlan(STEPS, OPTIONS);
  const path = `/v1/kamachiq/projects/${id}`;
  await until(async () => (await allEvents(tenant, path)).some(({ type }) => type === point), `it comes to ${point}`);
  return { tenant, id, path };
}

describe("a project", () => {
  it.each(POINTS)("that is cancelled after %s stays cancelled, with nothing open and nothing held", async (point) => {
    const { tenant, id, path } = await at(point);
    const { status } = await control(tenant, id, "cancel");
    const project = await settledProject(tenant, id);
    expect(project.state).toBe(status === 200 ? "cancelled" : "delivered");
    expect(project.tasks.filter(({ state }) => state === "running" || state === "waiting")).toEqual([]);
    // What ran when it was cancelled may still tell how it ended, until the object is left alone; nothing begins.
    const again = async () => {
      await evictDurableObject(env.KAMACHIQ_PROJECT.getByName(`${tenant.id}/${id}`));
      expect((await readProject(tenant, id)).state).toBe(project.state);
      return (await allEvents(tenant, path)).filter(({ type }) => type !== "work.resumed").map(({ type }) => type);
    };
    const events = await again();
    const begun = events
      .slice(events.indexOf("project.cancelled") + 1)
      .filter((type) => type === "step.intended" || type === "wave.started");
    expect(status === 200 ? begun : []).toEqual([]);
    expect(await again()).toEqual(events);
  });

  it.each(POINTS)("that is interrupted after %s is delivered as if it had not been", async (point) => {
    const { tenant, id, path } = await at(point);
    await evictDurableObject(env.KAMACHIQ_PROJECT.getByName(`${tenant.id}/${id}`));
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered", round: 1, review: { score: 1 } });
    const done = (await allEvents(tenant, path)).filter(({ type }) => type === "step.done").map(({ data }) => data.step);
    expect(new Set(done).size).toBe(done.length);
    const once = (await allEvents(tenant, path)).filter(({ type }) => /^(milestone|peer|wave|project\.delivered|collaboration)/.test(type));
    expect(once.map(({ type }) => type).sort()).toEqual([
      "collaboration.handover",
      "collaboration.handover",
      "milestone.reached",
      "peer.reviewed",
      "project.delivered",
      "wave.started",
      "wave.started",
      "wave.started",
    ]);
  });
});
