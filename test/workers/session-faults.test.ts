import { abortAllDurableObjects, env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DataWorkspace } from "../../durable-objects/data-workspace/data-workspace.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { alterMethod } from "./altered-method.ts";
import { allEvents, type EventBody } from "./projects.ts";
import { asks, chargeForModel, declareTool, ends, endsAt, modelAnswers, says, until } from "./scripted-model.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const CODE_UPDATED = "Durable Object reset because its code was updated.";
const PLATFORM_ERRORS = [
  CODE_UPDATED,
  "Network connection lost.",
  "This script has been upgraded. Please send a new request to connect to the new version.",
  "Internal error in Durable Object storage caused object to be reset.",
];
const SQL = "select 1 as n";

const sessionSchema = z.object({
  state: z.string(),
  isBusy: z.boolean(),
  approvals: z.array(z.object({ step: z.string(), tool: z.string(), input: z.string(), reason: z.string() })),
});
const exchangeSchema = z.object({
  items: z.array(z.object({ role: z.string(), text: z.string(), state: z.string(), problem: z.object({ type: z.string() }).optional() })),
});

interface Talk {
  readonly tenant: TestTenant;
  readonly path: string;
  readonly stub: DurableObjectStub;
}

/** A session that has just been sent a message. */
async function talk(): Promise<Talk> {
  const tenant = await newTenant();
  const { id } = z.object({ id: z.string() }).parse(await (await tenant.post("/v1/sessions", { title: "Faults" })).json());
  const path = `/v1/sessions/${id}`;
  expect((await tenant.post(`${path}/messages`, { text: "Go" })).status).toBe(202);
  return { tenant, path, stub: env.AGENT_SESSION.getByName(`${tenant.id}/${id}`) };
}

const read = async ({ tenant, path }: Talk) => sessionSchema.parse(await (await tenant.fetch(path)).json());
const answerOf = async ({ tenant, path }: Talk) =>
  exchangeSchema.parse(await (await tenant.fetch(`${path}/messages`)).json()).items.find((item) => item.role === "assistant");
const eventsOf = ({ tenant, path }: Talk): Promise<EventBody[]> => allEvents(tenant, path);
const decide = ({ tenant, path }: Talk, step: string, decision: string) =>
  tenant.post(`${path}/approvals/${encodeURIComponent(step)}`, { decision });

/** The events of the turn, once it has ended; somebody looks meanwhile, as a client would that has lost its stream. */
async function settled(talked: Talk): Promise<EventBody[]> {
  await until(async () => !(await read(talked)).isBusy, "the turn ends");
  return eventsOf(talked);
}

const steps = (events: readonly EventBody[], type: string) =>
  events.filter((event) => event.type === type).map((event) => String(event.data.step));

/** Each event once and in order, one end, no step done twice, no attempt counted. */
function expectNothingRepeated(events: readonly EventBody[]): void {
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.filter((event) => event.type === "turn.started")).toHaveLength(1);
  expect(events.filter((event) => event.type === "turn.completed")).toHaveLength(1);
  expect(steps(events, "step.failed")).toEqual([]);
  const done = steps(events, "step.done");
  expect(done).toEqual([...new Set(done)]);
  for (const event of events) if (event.type === "step.done") expect(event.data.attempt).toBe(1);
}

type Strike = (stub: DurableObjectStub) => Promise<unknown>;
const resetByDeploy: Strike = (stub) => runInDurableObject(stub, (_, state) => state.abort(CODE_UPDATED)).catch(() => undefined);
/** How long an eviction, which waits for what is under way, is left to wait before the work goes on. */
const EVICTION_MS = 50;
const STRIKES: [string, Strike][] = [
  ["the session is to be evicted", (stub) => Promise.race([evictDurableObject(stub), scheduler.wait(EVICTION_MS)])],
  ["the session is reset by a deploy", resetByDeploy],
  ["every object is gone at once", () => abortAllDurableObjects()],
  ["its alarm fires twice at the same time", (stub) => Promise.all([runDurableObjectAlarm(stub), runDurableObjectAlarm(stub)])],
];

describe("a turn goes on, counts no attempt and repeats nothing when", () => {
  it.for(STRIKES)("%s in the middle of an answer", async ([, strike]) => {
    let isStruck = false;
    modelAnswers(async function* (_request, _round, before) {
      yield says("one ");
      if (before === 0) await until(() => isStruck, "the fault strikes");
      yield says("two");
      yield ends;
    });
    const talked = await talk();
    await until(async () => (await eventsOf(talked)).some((event) => event.type === "turn.delta"), "some text is recorded");
    await strike(talked.stub);
    isStruck = true;
    const events = await settled(talked);
    expectNothingRepeated(events);
    expect(await answerOf(talked)).toMatchObject({ state: "completed", text: "one two" });
    const restart = events.findIndex((event) => event.type === "turn.restarted");
    const shown = events.slice(restart + 1).filter((event) => event.type === "turn.delta");
    expect(shown.map((event) => event.data.text).join("")).toBe("one two");
  });

  it.for(STRIKES)("%s in the middle of a call", async ([, strike]) => {
    let isStruck = false;
    let queries = 0;
    const model = modelAnswers(async function* (_request, round) {
      if (round === 0) yield asks(SQL);
      else yield says("Done.");
      yield ends;
    });
    alterMethod(DataWorkspace.prototype, "query", async (call) => {
      queries += 1;
      if (queries === 1) await until(() => isStruck, "the fault strikes");
      return call();
    });
    const talked = await talk();
    await until(() => queries === 1, "the call is made");
    await strike(talked.stub);
    isStruck = true;
    const events = await settled(talked);
    expectNothingRepeated(events);
    expect(model.asked).toBe(2);
    expect(await answerOf(talked)).toMatchObject({ state: "completed", text: "Done." });
  });

  it.for(PLATFORM_ERRORS)("a model and a call end in: %s", async (message) => {
    let thrown = 0;
    const lose = (): never => {
      thrown += 1;
      throw new Error(`${message} [meant by the test]`);
    };
    let queries = 0;
    modelAnswers(async function* (_request, round, before) {
      if (before === 0) lose();
      yield says("one ");
      if (before === 1) lose();
      if (round === 0) yield asks(SQL);
      yield ends;
    });
    alterMethod(DataWorkspace.prototype, "query", async (call) => {
      queries += 1;
      if (queries === 1) lose();
      const answer = await call();
      return queries === 2 ? lose() : answer;
    });
    const talked = await talk();
    const events = await settled(talked);
    expect(thrown).toBe(4);
    expectNothingRepeated(events);
    expect(await answerOf(talked)).toMatchObject({ state: "completed" });
  });
});

/** A session whose model wants a destructive call, and what ran of it. */
async function dangerousTalk() {
  declareTool("data.query", { risk: "destructive" });
  const ran = { queries: 0 };
  alterMethod(DataWorkspace.prototype, "query", (call) => {
    ran.queries += 1;
    return call();
  });
  const told: string[] = [];
  modelAnswers(async function* (request, round) {
    if (round === 0) yield asks(SQL);
    else {
      told.push(JSON.stringify(request.messages.at(-1)));
      yield says("Done.");
    }
    yield ends;
  });
  const talked = await talk();
  await until(async () => (await read(talked)).approvals.length === 1, "a person is asked");
  const [approval] = (await read(talked)).approvals;
  if (approval === undefined) throw new Error("a person is asked");
  return { talked, approval, ran, told };
}

describe("a call that destroys", () => {
  it("waits for a person, says what would be done, and runs when they approve, once", async () => {
    const { talked, approval, ran } = await dangerousTalk();
    expect(approval).toMatchObject({ tool: "tool:data.query", input: JSON.stringify({ sql: SQL }) });
    expect(ran.queries).toBe(0);
    expect((await decide(talked, approval.step, "approve")).status).toBe(204);
    const events = await settled(talked);
    expectNothingRepeated(events);
    expect(ran.queries).toBe(1);
    expect(await answerOf(talked)).toMatchObject({ state: "completed", text: "Done." });
    const intended = events.find((event) => event.type === "step.intended" && event.data.uses === "tool:data.query");
    expect(intended?.data.decision).toMatchObject({ effect: "allow", obligations: ["approval"] });
  });

  it("does not run when they refuse, and the model is told", async () => {
    const { talked, approval, ran, told } = await dangerousTalk();
    expect((await decide(talked, approval.step, "refuse")).status).toBe(204);
    await settled(talked);
    expect(ran.queries).toBe(0);
    expect(told[0]).toContain("A person refused");
    expect(await answerOf(talked)).toMatchObject({ state: "completed" });
  });

  it("is decided by the first word: another is a conflict, and what never asked is not found", async () => {
    const { talked, approval, ran } = await dangerousTalk();
    const [first, second] = await Promise.all([decide(talked, approval.step, "refuse"), decide(talked, approval.step, "approve")]);
    expect([first.status, second.status].sort()).toEqual([204, 409]);
    expect((await decide(talked, approval.step, "approve")).status).toBe(409);
    expect((await decide(talked, "no/such#approval", "approve")).status).toBe(404);
    await settled(talked);
    expect(ran.queries).toBe(first.status === 204 ? 0 : 1);
  });

  it("still waits after a restart, asks once, and is decided then", async () => {
    const { talked, approval, ran } = await dangerousTalk();
    await evictDurableObject(talked.stub);
    await runDurableObjectAlarm(talked.stub);
    expect((await read(talked)).approvals).toEqual([approval]);
    expect((await decide(talked, approval.step, "approve")).status).toBe(204);
    await evictDurableObject(talked.stub);
    const events = await settled(talked);
    expectNothingRepeated(events);
    expect(events.filter((event) => event.type === "approval.requested")).toHaveLength(1);
    expect(ran.queries).toBe(1);
  });

  it("costs nothing while it waits: no alarm is kept", async () => {
    const { talked } = await dangerousTalk();
    await until(async () => {
      await runDurableObjectAlarm(talked.stub);
      return (await runInDurableObject(talked.stub, (_, state) => state.storage.getAlarm())) === null;
    }, "the alarm rests");
    expect((await read(talked)).isBusy).toBe(true);
  });

  it("is not asked about any more when the session is closed", async () => {
    const { talked, approval, ran } = await dangerousTalk();
    expect((await talked.tenant.post(`${talked.path}/close`, {})).status).toBe(200);
    expect((await read(talked)).approvals).toEqual([]);
    expect((await decide(talked, approval.step, "approve")).status).toBe(409);
    expect(ran.queries).toBe(0);
  });
});

describe("a call whose outcome is unknown", () => {
  it.each([
    ["approve", 2],
    ["refuse", 1],
  ] as const)("is left to a person, who can %s", async (decision, runs) => {
    declareTool("data.query", { onUnknown: "ask" });
    let isStruck = false;
    let queries = 0;
    modelAnswers(async function* (_request, round) {
      if (round === 0) yield asks(SQL);
      else yield says("Done.");
      yield ends;
    });
    alterMethod(DataWorkspace.prototype, "query", async (call) => {
      queries += 1;
      if (queries === 1) await until(() => isStruck, "the fault strikes");
      return call();
    });
    const talked = await talk();
    await until(() => queries === 1, "the call is made");
    await resetByDeploy(talked.stub);
    isStruck = true;
    await until(async () => (await read(talked)).approvals.length === 1, "a person is asked");
    const [approval] = (await read(talked)).approvals;
    expect(approval?.reason).toContain("not known");
    expect((await decide(talked, approval?.step ?? "", decision)).status).toBe(204);
    const events = await settled(talked);
    expect(queries).toBe(runs);
    expect(events.filter((event) => event.type === "approval.requested")).toHaveLength(1);
    expect(await answerOf(talked)).toMatchObject({ state: "completed", text: "Done." });
  });
});

describe("what a turn has spent", () => {
  const ledgerOf = ({ tenant }: Talk) => env.TENANT_LEDGER.getByName(tenant.id).budget("tenant");

  it("is counted once, and nothing stays leased, when the session is reset between two answers", async () => {
    chargeForModel(1_000);
    let isStruck = false;
    modelAnswers(async function* (_request, round, before) {
      if (round === 0) yield asks(SQL);
      else yield says("Done.");
      if (before === 1) await until(() => isStruck, "the fault strikes");
      yield endsAt(100);
    });
    const talked = await talk();
    await until(async () => steps(await eventsOf(talked), "step.done").length === 2, "the call is made");
    expect((await ledgerOf(talked)).leased).toBeGreaterThanOrEqual(1_100);
    await resetByDeploy(talked.stub);
    isStruck = true;
    expectNothingRepeated(await settled(talked));
    await until(async () => (await ledgerOf(talked)).leased === 0, "the lease is returned");
    expect(await ledgerOf(talked)).toMatchObject({ spent: 200, leased: 0 });
  });

  it("is settled while a person is waited for, and counted once when they have decided", async () => {
    chargeForModel(1_000);
    declareTool("data.query", { risk: "destructive" });
    modelAnswers(async function* (_request, round) {
      if (round === 0) yield asks(SQL);
      else yield says("Done.");
      yield endsAt(100);
    });
    const talked = await talk();
    await until(async () => (await read(talked)).approvals.length === 1, "a person is asked");
    await until(async () => (await ledgerOf(talked)).leased === 0, "the lease is returned");
    expect(await ledgerOf(talked)).toMatchObject({ spent: 100 });
    await decide(talked, (await read(talked)).approvals[0]?.step ?? "", "approve");
    await settled(talked);
    await until(async () => (await ledgerOf(talked)).leased === 0, "the lease is returned");
    expect(await ledgerOf(talked)).toMatchObject({ spent: 200 });
  });
});

describe("a session that is closed while it answers", () => {
  it("stops the model, keeps what was shown, and does nothing more", async () => {
    let isStopped = false;
    const model = modelAnswers(async function* (request) {
      yield says("one ");
      await until(() => request.signal.aborted, "the model is stopped");
      isStopped = true;
      throw new Problem("timeout", "The call was ended before its answer.");
    });
    const talked = await talk();
    await until(async () => (await eventsOf(talked)).some((event) => event.type === "turn.delta"), "some text is recorded");
    await talked.tenant.post(`${talked.path}/close`, {});
    await until(() => isStopped, "the model is stopped");
    expect(await answerOf(talked)).toMatchObject({ state: "failed", text: "one ", problem: { type: "session-closed" } });
    await until(async () => (await eventsOf(talked)).some((event) => event.type === "step.failed"), "the step has ended");
    expect(model.asked).toBe(1);
    expect(steps(await eventsOf(talked), "step.intended")).toHaveLength(1);
  });
});
