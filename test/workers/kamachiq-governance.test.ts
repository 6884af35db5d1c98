import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AgentSession } from "../../durable-objects/agent-session/agent-session.ts";
import penguins from "../data/penguins.csv?raw";
import { alterMethod } from "./altered-method.ts";
import { massTask, publish, readJson, withPlan } from "./kamachiq-plans.ts";
import { allEvents, control, settledProject, startProject, upload } from "./projects.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

const ROUND = { type: "number", required: false };
const ANY = { type: "any", required: false };
const REVIEW_INPUTS = { title: ANY, brief: ANY, report: ANY, goals: ANY, round: ROUND };

/** A capsule for governance that says the same whatever it is asked. */
const saying = (inputs: Readonly<Record<string, unknown>>, outputs: Readonly<Record<string, unknown>>) => ({
  graph: { inputs, steps: {}, outputs },
});

async function project(
  tenant: TestTenant,
  options: Readonly<Record<string, unknown>>,
  brief = "- Compare body mass by species.",
): Promise<string> {
  return startProject(tenant, brief, [await upload(tenant, "penguins.csv", penguins)], options);
}

describe("a capsule of a tenant's own", () => {
  it("is published in versions that never change, and found before one of the platform", async () => {
    const tenant = await newTenant();
    const graph = {
      inputs: { table: { type: "string" } },
      steps: { look: { uses: "tool:data.describe", with: { table: `\${inputs.table}` } } },
      outputs: { analysis: `\${steps.look.output}` },
    };
    expect(await publish(tenant, "compare-groups", { version: "1.5.0", graph })).toBe(201);
    expect(await publish(tenant, "compare-groups", { version: "1.5.0", graph })).toBe(201);
    expect(await publish(tenant, "compare-groups", { version: "1.5.0", title: "Another", graph })).toBe(409);
    expect(await publish(tenant, "compare-groups", { name: "other", graph })).toBe(422);
    expect(await publish(tenant, "compare-groups", { version: "one", graph })).toBe(422);
    const circle = { steps: { a: { uses: "tool:data.query", needs: ["b"] }, b: { uses: "tool:data.query", needs: ["a"] } } };
    expect(await publish(tenant, "circle", { graph: circle })).toBe(422);
    const task = { uses: "agent:analyst", with: { goal: "What there is", capsule: "compare-groups@^1", inputs: { table: "penguins" } } };
    const id = await project(tenant, { plan: { graph: { steps: { a: task } } } }, "");
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    const manifest = await (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/manifest.json`)).json();
    expect(manifest).toMatchObject({ steps: [{ capsule: "compare-groups@1.5.0" }] });
    const audit = await (await tenant.fetch("/v1/audit/events?type=resource.changed")).text();
    expect(audit).toContain("capsule.published");
  });

  it("is listed with those of the platform in pages, and is nobody else's", async () => {
    const tenant = await newTenant();
    const other = await newTenant();
    for (const version of ["1.0.0", "1.1.0", "2.0.0"]) await publish(tenant, "mine", { version, graph: { steps: {} } });
    const pageSchema = z.object({
      items: z.array(z.object({ name: z.string(), version: z.string(), isOwn: z.boolean() })),
      nextCursor: z.string().optional(),
    });
    const found: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page: z.infer<typeof pageSchema> = await readJson(
        tenant,
        `/v1/capsules?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
        pageSchema,
      );
      found.push(...page.items.map(({ name, version }) => `${name}@${version}`));
      cursor = page.nextCursor;
    }
    expect(found.slice(0, 3)).toEqual(["mine@1.0.0", "mine@1.1.0", "mine@2.0.0"]);
    expect(found).toContain("rank@1.0.0");
    expect(new Set(found).size).toBe(found.length);
    expect((await other.fetch("/v1/capsules/mine/versions/1.0.0")).status).toBe(404);
    expect((await tenant.fetch("/v1/capsules/mine/versions/1.0.0")).status).toBe(200);
    expect((await tenant.fetch("/v1/capsules?cursor=bm9uZQ")).status).toBe(400);
    const viewer = await tenant.post("/v1/api-keys", { name: "viewer", role: "viewer" });
    const { secret } = z.object({ secret: z.string() }).parse(await viewer.json());
    expect((await caller(secret).post("/v1/capsules/mine/versions", { version: "3.0.0" })).status).toBe(403);
  });
});

describe("a reviewer of a tenant's own", () => {
  it("passes a report by its word alone, and the project says who it was", async () => {
    const tenant = await newTenant();
    await publish(tenant, "lenient", saying(REVIEW_INPUTS, { review: { score: 0.9, passed: true, notes: "Fine." } }));
    const id = await project(tenant, { governance: { reviewer: "lenient@^1" } });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered", review: { score: 0.9, notes: "Fine." } });
    const manifest = await (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/manifest.json`)).json();
    expect(manifest).toMatchObject({ review: { reviewer: "lenient@^1", approvedBy: "review" } });
  });

  it.each([
    ["that says nonsense", saying(REVIEW_INPUTS, { review: { score: "very good" } })],
    ["that says nothing", saying(REVIEW_INPUTS, {})],
    ["that is too pleased", saying(REVIEW_INPUTS, { review: { score: 7, passed: true, notes: "" } })],
    ["that passes what it scores low", saying(REVIEW_INPUTS, { review: { score: 0.2, passed: true, notes: "Well." } })],
    [
      "that fails",
      {
        graph: {
          inputs: REVIEW_INPUTS,
          steps: { a: { uses: "tool:data.query", with: { sql: "nonsense" } } },
          outputs: { review: { score: 1, passed: true, notes: "" } },
        },
      },
    ],
    ["that takes other inputs", saying({}, { review: { score: 1, passed: true, notes: "" } })],
  ])("%s opens the gate and never passes", async (_, manifest) => {
    const tenant = await newTenant();
    await publish(tenant, "strange", manifest);
    const id = await project(tenant, { governance: { reviewer: "strange@^1" } });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "gate", deliverables: [] });
  });

  it("that does not exist opens the gate", async () => {
    const tenant = await newTenant();
    const id = await project(tenant, { governance: { reviewer: "nobody@^1" } });
    expect(await settledProject(tenant, id)).toMatchObject({
      state: "gate",
      review: { notes: expect.stringContaining("There is no capsule nobody@^1") },
    });
  });
});

describe("a planner and a provisioner of a tenant's own", () => {
  const PLAN_INPUTS = { brief: ANY, title: ANY, answers: ANY, notes: ANY, failures: ANY, datasets: ANY, documents: ANY, former: ANY };

  it("decide what is done, and by how many at once", async () => {
    const tenant = await newTenant();
    const graph = { steps: { one: massTask(3_000), two: massTask(3_100), three: massTask(3_200) } };
    await publish(tenant, "my-planner", saying(PLAN_INPUTS, { plan: { title: "Mine", graph } }));
    await publish(tenant, "one-by-one", saying({ tasks: ANY, max_parallel: ANY, budget: ANY }, { provision: { max_parallel: 1 } }));
    const id = await project(tenant, { governance: { planner: "my-planner@1.0.0", provisioner: "one-by-one@^1" } });
    const done = await settledProject(tenant, id);
    expect(done).toMatchObject({ state: "delivered", title: "Mine" });
    expect(done.tasks.map(({ step }) => step)).toEqual(["one", "two", "three"]);
    const steps = (await allEvents(tenant, `/v1/kamachiq/projects/${id}`)).filter(({ data }) => /^r1\/[^/]+$/.test(String(data.step)));
    expect(steps.map(({ type, data }) => `${type} ${data.step}`)).toEqual(
      ["one", "two", "three"].flatMap((name) => ["step.intended", "step.waiting", "step.done"].map((type) => `${type} r1/${name}`)),
    );
  });

  it("that say nonsense fail the project with a problem that names them", async () => {
    const tenant = await newTenant();
    await publish(tenant, "confused", saying(PLAN_INPUTS, { plan: { graph: { steps: { a: { uses: "tool:nothing.at_all" } } } } }));
    await publish(tenant, "greedy", saying({ tasks: ANY, max_parallel: ANY, budget: ANY }, { provision: { max_parallel: 5_000 } }));
    const planned = await project(tenant, { governance: { planner: "confused@^1" } });
    expect(await settledProject(tenant, planned)).toMatchObject({
      state: "failed",
      problem: { type: "invalid-graph", detail: expect.stringContaining("confused@^1") },
    });
    const provisioned = await project(tenant, { governance: { provisioner: "greedy@^1" } });
    expect(await settledProject(tenant, provisioned)).toMatchObject({
      state: "failed",
      problem: { detail: expect.stringContaining("greedy@^1") },
    });
  });
});

describe("a second agent", () => {
  it("does tasks again, and what it agrees with is delivered with its word", async () => {
    const { tenant, id } = await withPlan({ a: massTask(3_000), b: massTask(3_100) }, { peerReview: true });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    const events = await allEvents(tenant, `/v1/kamachiq/projects/${id}`);
    expect(events.find(({ type }) => type === "peer.reviewed")?.data).toMatchObject({ agreed: 2, disagreed: 0, score: 1 });
    const sessions = events.filter(({ type, data }) => type === "step.intended" && data.child !== undefined).map(({ data }) => data.child);
    expect(new Set(sessions).size).toBe(4);
    const manifest = await (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/manifest.json`)).json();
    expect(manifest).toMatchObject({ review: { approvedBy: "review", peer: { agreed: 2, disagreed: 0 } } });
  });

  it("that comes to something else opens the gate, and a person decides", async () => {
    alterMethod(AgentSession.prototype, "runTask", (call, [order]) => {
      if (typeof order === "object" && order !== null && "isPeer" in order && "inputs" in order)
        Object.assign(order, { inputs: massTask(4_500).with.inputs });
      return call();
    });
    const { tenant, id } = await withPlan({ a: massTask(3_000) }, { peerReview: true });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "gate", review: { score: 1 } });
    const gate = (await allEvents(tenant, `/v1/kamachiq/projects/${id}`)).find(({ type }) => type === "gate.opened");
    expect(gate?.data.reason).toContain("came to other figures");
    expect(await control(tenant, id, "gate", { decision: "approve" })).toMatchObject({ status: 200 });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
  });
});
