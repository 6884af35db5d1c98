import { abortAllDurableObjects, env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { AgentSession } from "../../durable-objects/agent-session/agent-session.ts";
import { DataWorkspace } from "../../durable-objects/data-workspace/data-workspace.ts";
import { KamachiqProject } from "../../durable-objects/kamachiq-project/kamachiq-project.ts";
import penguins from "../data/penguins.csv?raw";
import { alterMethod } from "./altered-method.ts";
import { allEvents, type EventBody, type ProjectBody, readProject, settledProject, startProject, upload } from "./projects.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const BRIEF = `- Compare body mass by species.
- Compare flipper length by island.
- Compare bill length by sex.
- How are flipper length and body mass related?
- How are bill length and bill depth related?
- Rank the species by their average flipper length.
- How is body mass distributed?
- What share of the penguins lives on each island?`;

/** What the platform says when a deploy takes an object from under its callers. */
const CODE_UPDATED = "Durable Object reset because its code was updated.";

/** The platform's own errors, as its users have reported them. */
const PLATFORM_ERRORS = [
  CODE_UPDATED,
  "Network connection lost.",
  "This script has been upgraded. Please send a new request to connect to the new version.",
  "Internal error in Durable Object storage caused object to be reset.",
];

type Fault = (running: { tenant: string; project: ProjectBody; round: number }) => Promise<unknown>;

function objects(tenant: string, project: ProjectBody): DurableObjectStub[] {
  return [
    env.KAMACHIQ_PROJECT.getByName(`${tenant}/${project.id}`),
    env.DATA_WORKSPACE.getByName(`${tenant}/${project.id}`),
    ...project.tasks.flatMap(({ session }) => (session === undefined ? [] : [env.AGENT_SESSION.getByName(`${tenant}/${session}`)])),
  ];
}

/** One object after another, so that each is hit at many moments of its work. */
function nextObject(tenant: string, project: ProjectBody, round: number): DurableObjectStub {
  const all = objects(tenant, project);
  const chosen = all[round % all.length];
  if (chosen === undefined) throw new Error("a project is an object");
  return chosen;
}

/** Strikes of one run, and how many pass between two looks at which sessions there are. */
const MAX_STRIKES = 400;
const MAX_PROJECTS = 4;
const STRIKES_A_LOOK = 8;

/** Runs the brief while `fault` strikes again and again, and says how often it did. */
async function runUnder(tenant: TestTenant, fault: Fault): Promise<{ project: ProjectBody; struck: number }> {
  const id = await startProject(tenant, BRIEF, [await upload(tenant, "penguins.csv", penguins)]);
  let project = await readProject(tenant, id);
  let struck = 0;
  for (let round = 0; round < MAX_STRIKES && project.state !== "delivered"; round += 1) {
    // An object that is not in memory cannot be evicted: nothing was struck then.
    await fault({ tenant: tenant.id, project, round }).then(
      () => (struck += 1),
      () => undefined,
    );
    if (round % STRIKES_A_LOOK === STRIKES_A_LOOK - 1) project = await readProject(tenant, id);
  }
  return { project: await settledProject(tenant, id), struck };
}

function ofStep(events: readonly EventBody[], type: string, step: string): EventBody[] {
  return events.filter((event) => event.type === type && event.data.step === step);
}

/** Each event once and in order, each task done once at its first attempt, here and in the sessions that did the work. */
async function expectNothingRepeated(tenant: TestTenant, project: ProjectBody): Promise<void> {
  const events = await allEvents(tenant, `/v1/kamachiq/projects/${project.id}`);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.filter((event) => event.type === "step.failed")).toEqual([]);
  for (const task of project.tasks) {
    expect(task.attempt).toBe(1);
    expect(ofStep(events, "step.done", `r1/${task.step}`)).toHaveLength(1);
    const session = await allEvents(tenant, `/v1/sessions/${task.session}`);
    expect(session.map((event) => event.seq)).toEqual(session.map((_, i) => i + 1));
    expect(session.filter((event) => event.type === "turn.started")).toHaveLength(1);
    expect(session.filter((event) => event.type === "turn.completed")).toHaveLength(1);
    expect(session.filter((event) => event.type === "step.failed")).toEqual([]);
    const done = session.filter((event) => event.type === "step.done").map((event) => event.data.step);
    expect(done).toEqual([...new Set(done)]);
  }
  for (const type of ["project.planned", "review.completed", "project.delivered"])
    expect(events.filter((event) => event.type === type)).toHaveLength(1);
}

async function reportOf(tenant: TestTenant, id: string): Promise<string> {
  return (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/report.md`)).text();
}

describe("a project goes on, counts no attempt and repeats nothing when", () => {
  const faults: [string, Fault][] = [
    ["its objects are evicted", ({ tenant, project, round }) => evictDurableObject(nextObject(tenant, project, round))],
    [
      "its objects are reset by a deploy, in the middle of steps that call them",
      ({ tenant, project, round }) =>
        runInDurableObject(nextObject(tenant, project, round), (_, state) => state.abort(CODE_UPDATED)).catch(() => undefined),
    ],
    [
      "every object is gone at once",
      async ({ tenant, project, round }) => {
        // Somebody looks, which sets the work going; a little later nothing is left in memory.
        const look = env.KAMACHIQ_PROJECT.getByName(`${tenant}/${project.id}`)
          .read()
          .catch(() => undefined);
        await scheduler.wait(round % 5);
        await abortAllDurableObjects();
        await look;
      },
    ],
    [
      "alarms fire twice and at the same time",
      ({ tenant, project, round }) => {
        const stub = nextObject(tenant, project, round);
        return Promise.all([runDurableObjectAlarm(stub), runDurableObjectAlarm(stub)]);
      },
    ],
  ];

  it.for(faults)("%s", { timeout: 120_000 }, async ([, fault]) => {
    const calm = await newTenant();
    const undisturbed = await runUnder(calm, () => scheduler.wait(20));
    const tenant = await newTenant();
    let mostStruck = 0;
    // A project may be done before it was struck often enough: then another is begun under the same fault, and one of them must have been.
    for (let projects = 0; projects < MAX_PROJECTS && mostStruck <= 5; projects += 1) {
      const { project, struck } = await runUnder(tenant, fault);
      mostStruck = Math.max(mostStruck, struck);
      expect(project).toMatchObject({ state: "delivered", review: { score: 1 } });
      await expectNothingRepeated(tenant, project);
      expect(await reportOf(tenant, project.id)).toBe(await reportOf(calm, undisturbed.project.id));
    }
    expect(mostStruck).toBeGreaterThan(5);
  });

  it("calls in the middle of steps end in the platform's errors, before and after they took effect", { timeout: 60_000 }, async () => {
    const calm = await newTenant();
    const undisturbed = await runUnder(calm, () => scheduler.wait(20));
    const interrupted = [
      interruptCalls(DataWorkspace.prototype, "load", 3),
      interruptCalls(DataWorkspace.prototype, "query", 23),
      interruptCalls(AgentSession.prototype, "runTask", 3),
      interruptCalls(KamachiqProject.prototype, "taskSettled", 3),
    ];
    const tenant = await newTenant();
    const { project } = await runUnder(tenant, () => scheduler.wait(20));
    for (const { thrown } of interrupted) expect(thrown).toBeGreaterThan(1);
    expect(project).toMatchObject({ state: "delivered", review: { score: 1 } });
    await expectNothingRepeated(tenant, project);
    expect(await reportOf(tenant, project.id)).toBe(await reportOf(calm, undisturbed.project.id));
  });
});

/** A deploy does not go on for ever: after this many lost calls of a method the rest arrive. */
const MAX_LOST_CALLS = 7;

/** Counts the calls of one method; of each `period`, one is lost on the way there and one on the way back. */
class Interruptions {
  thrown = 0;
  readonly #period: number;
  #calls = 0;

  constructor(period: number) {
    this.#period = period;
  }

  around(call: () => unknown): unknown {
    this.#calls += 1;
    const turn = this.thrown < MAX_LOST_CALLS ? this.#calls % this.#period : 0;
    if (turn === 1) this.#lose();
    const answer = call();
    if (turn !== 2) return answer;
    return answer instanceof Promise ? answer.then(() => this.#lose()) : this.#lose();
  }

  #lose(): never {
    this.thrown += 1;
    // The mark at its end tells the test runner's watch over unhandled errors that this one was meant.
    throw new Error(`${PLATFORM_ERRORS[this.thrown % PLATFORM_ERRORS.length]} [meant by the test]`);
  }
}

/** Has some of a method's calls interrupted for the rest of the test. */
function interruptCalls(prototype: object, method: string, period: number): Interruptions {
  const interruptions = new Interruptions(period);
  alterMethod(prototype, method, (call) => interruptions.around(call));
  return interruptions;
}
