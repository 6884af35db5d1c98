import { evaluate, isTrue, stripTemplate } from "../../workers/mao/expression.ts";
import type { Graph } from "../../workers/mao/graph.ts";
import { hasType } from "../../workers/mao/inputs.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { NewEvent } from "../../workers/platform/events.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { GraphHost, GraphRun } from "../graph/graph-run.ts";
import { scopeFor } from "../graph/scope.ts";
import type { ToldView } from "./told-view.ts";

/** What one signal or update may say: larger things are artifacts, told by their ids. */
const MAX_PAYLOAD_CHARACTERS = 60_000;

/** Something told to a run from outside. */
export interface Word {
  readonly name: string;
  readonly payload: Json;
  readonly by: string;
}

/** What a run needs to be talked to. */
export interface TalkDesk {
  readonly run: GraphRun;
  readonly host: GraphHost;
  readonly told: ToldView;
  append(event: NewEvent): void;
}

/** What expressions see of what a run was told; a signal that has not come and an update that was not made are null. */
export function toldScope(told: ToldView, { signals, updates }: Graph): Record<string, Json> {
  const known = (names: object, values: Readonly<Record<string, Json>>) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, values[name] ?? null]));
  return { signals: known(signals, told.signals), updates: known(updates, told.updates) };
}

/** Takes a signal in: a step that waits for it has it at once, and one that will wait for it later has it then. @throws Problem `not-found`, `invalid-request` */
export async function takeSignal(desk: TalkDesk, word: Word): Promise<void> {
  const described = memberOf(desk.run.graph.signals, "signal", word.name);
  checkPayload(word, described.type);
  desk.told.assertRoom(word.name);
  desk.append({ type: "signal.received", data: { ...word } });
  await deliverSignals(desk);
}

/** Gives signals that have come to the steps that wait for them, in the order in which these began to wait. */
export async function deliverSignals({ host: { journal }, told }: Pick<TalkDesk, "host" | "told">): Promise<void> {
  const waiting = [...journal.open.values()].filter(({ state, on }) => state === "waiting" && on === "signal");
  for (const { step, uses } of waiting.sort((a, b) => a.seq - b.seq)) {
    const payload = told.next(uses?.slice("signal:".length) ?? "");
    if (payload !== undefined) await journal.settle(step, journal.keyOf(step), { kind: "done", output: payload });
  }
}

/** The answer to a query of the graph, over where the run stands now. @throws Problem `not-found` */
export async function answerQuery(desk: TalkDesk, name: string): Promise<Json> {
  const query = stripTemplate(memberOf(desk.run.graph.queries, "query", name));
  return evaluate(query, await scopeFor(desk.host, desk.run, [query], {}));
}

/** Changes a value from outside, if every condition that the graph sets holds. @throws Problem `not-found`, `invalid-request` naming what does not */
export async function makeUpdate(desk: TalkDesk, word: Word): Promise<void> {
  const { type, accept } = memberOf(desk.run.graph.updates, "update", word.name);
  checkPayload(word, type);
  for (const condition of accept) {
    const scope = await scopeFor(desk.host, desk.run, [condition], { payload: word.payload });
    if (!isTrue(condition, scope))
      throw new Problem("invalid-request", `The update ${word.name} is not taken: ${condition} does not hold.`);
  }
  desk.append({ type: "update.made", data: { ...word } });
}

function memberOf<T>(members: Readonly<Record<string, T>>, kind: string, name: string): T {
  const member = Object.hasOwn(members, name) ? members[name] : undefined;
  if (member === undefined) throw new Problem("not-found", `The run's graph has no ${kind} ${name}.`);
  return member;
}

function checkPayload({ name, payload }: Word, type: Parameters<typeof hasType>[1]): void {
  if (!hasType(payload, type)) throw new Problem("invalid-request", `${name} takes a payload of type ${type}.`);
  if (JSON.stringify(payload).length > MAX_PAYLOAD_CHARACTERS)
    throw new Problem(
      "payload-too-large",
      `A payload has at most ${MAX_PAYLOAD_CHARACTERS} characters; store more as an artifact and tell its id.`,
    );
}
