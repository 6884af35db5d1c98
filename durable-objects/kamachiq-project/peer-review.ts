import { z } from "zod";
import { findCapsule } from "../../workers/capsules/tenant-capsules.ts";
import { plannedTaskSchema } from "../../workers/kamachiq/given-plan.ts";
import { canonicalJson, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import { newId } from "../../workers/platform/ids.ts";
import { NO_RETRY } from "../journal/retry.ts";
import { giveToSession } from "./agent-tasks.ts";
import { type Desk, toJson } from "./desk.ts";
import { mayTakeOn, nestingOf } from "./project-budget.ts";
import type { RoundPlan } from "./round-plan.ts";
import { loadResult, taskRecord } from "./task-results.ts";

/** Tasks of a round that a second agent does again: enough to find what is wrong as a rule, few enough to pay for. */
const MAX_PEER_TASKS = 5;
const PEER_TIMEOUT_MS = 3_600_000;
const NOTES_CHARACTERS = 500;
/** How an agent with a language model says that it came to something else. */
const DISAGREES = /^\W*disagree/i;

export const peerReviewSchema = z.object({
  agreed: z.number().int(),
  disagreed: z.number().int(),
  score: z.number(),
  engine: z.string(),
  notes: z.string(),
});
export type PeerReview = z.infer<typeof peerReviewSchema>;

/**
 * Has second agents do some of the round's tasks again, each in a session of its own, knowing what the first one wrote.
 * @returns how often they came to the same, or undefined while they work
 */
export async function peerReview(desk: Desk, present: RoundPlan): Promise<PeerReview | undefined> {
  const { journal } = desk.bench;
  const { round } = desk.state();
  const recorded = journal.record(`peer_${round}`);
  if (recorded?.state === "done") return peerReviewSchema.parse(await journal.output(`peer_${round}`));
  const chosen = chosenTasks(desk, present);
  for (const name of chosen) await startPeer(desk, present, name);
  const isOpen = (name: string) => {
    const record = journal.record(peerStep(round, name));
    return record !== undefined && record.state !== "done" && record.final !== true;
  };
  if (chosen.some(isOpen) || desk.state().reached !== undefined) return undefined;
  const options = { uses: "agent:peer", title: "Compare with the peers", isOutside: false, onUnknown: "retry", timeoutMs: 60_000 } as const;
  const output = await journal.step(`peer_${round}`, { ...options, retry: { ...NO_RETRY, attempts: 3, delayMs: 100 } }, async () =>
    toJson(await verdictOf(desk, round, chosen)),
  );
  return peerReviewSchema.parse(output);
}

/** The tasks that are done again: chosen by hash, so that the same plan has the same ones chosen, whatever happens on the way. */
function chosenTasks(desk: Desk, { plan }: RoundPlan): string[] {
  const { round } = desk.state();
  const tasks = plan.goals.flatMap((goal) => goal.steps).filter((name) => desk.bench.journal.record(`r${round}/${name}`)?.state === "done");
  return tasks
    .map((name) => ({ name, place: sha256Hex(`${round}/${name}`) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, MAX_PEER_TASKS)
    .map(({ name }) => name);
}

async function startPeer(desk: Desk, { plan }: RoundPlan, name: string): Promise<void> {
  const { journal } = desk.bench;
  const { round, principal } = desk.state();
  const step = peerStep(round, name);
  const known = journal.record(step);
  if (known !== undefined && known.state !== "intended") return;
  const order = plannedTaskSchema.extend({ inputs: z.record(z.string(), parsedJsonSchema) }).parse(plan.graph.steps[name]?.with);
  const find = (reference: string) => findCapsule(desk.env, principal.tenant, reference);
  const capsule = await find(order.capsule);
  if (known === undefined && !mayTakeOn(desk, await nestingOf(capsule, find))) return;
  const session = known?.child ?? newId("session", systemClock.now());
  const title = `Second opinion: ${order.goal}`.slice(0, 200);
  if (known === undefined) journal.intend(step, { uses: "agent:analyst", title, child: session });
  const context = (await taskRecord(desk, `r${round}/${name}`))?.findings;
  await giveToSession(desk, step, session, { ...order, capsule: `${capsule.name}@${capsule.version}` }, { context, isPeer: true });
  if (journal.record(step)?.state === "intended")
    journal.wait(step, { uses: "agent:analyst", title, on: "agent", until: systemClock.now() + PEER_TIMEOUT_MS });
}

async function verdictOf(desk: Desk, round: number, chosen: readonly string[]): Promise<PeerReview> {
  const notes: string[] = [];
  const engines = new Set<string>();
  for (const name of chosen) {
    const said = await taskRecord(desk, peerStep(round, name));
    if (said === undefined) {
      notes.push(`${name}: the second agent came to no result.`);
      continue;
    }
    engines.add(said.engine);
    const [first, second] = [await figuresOf(desk, `r${round}/${name}`), await figuresOf(desk, peerStep(round, name))];
    if (first !== second) notes.push(`${name}: the second agent came to other figures.`);
    else if (DISAGREES.test(said.findings)) notes.push(`${name}: ${said.findings.slice(0, NOTES_CHARACTERS)}`);
  }
  const agreed = chosen.length - notes.length;
  return {
    agreed,
    disagreed: notes.length,
    score: chosen.length === 0 ? 0 : Math.round((100 * agreed) / chosen.length) / 100,
    engine: [...engines].sort().join(", "),
    notes: notes.length === 0 ? `Second agents did ${agreed} tasks again and came to the same.` : notes.join("\n"),
  };
}

/** What the analysis of a task rests on, as text that is equal when it is the same. */
async function figuresOf(desk: Desk, step: string): Promise<string> {
  const { analyses } = await loadResult(desk, step);
  return canonicalJson(toJson(analyses[0]?.evidence ?? null));
}

function peerStep(round: number, name: string): string {
  return `peer_${round}/${name}`;
}
