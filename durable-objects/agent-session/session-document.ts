import { presentTraining, type SessionState } from "./session-view.ts";

/** A session as the API shows it. */
export function sessionDocument(state: SessionState) {
  const training = presentTraining(state);
  return {
    id: state.id,
    title: state.title,
    agent: state.agent,
    state: state.isClosed ? ("closed" as const) : ("open" as const),
    createdAt: new Date(state.createdAt).toISOString(),
    updatedAt: new Date(state.updatedAt).toISOString(),
    isBusy: state.turns.some((turn) => turn.state === "running"),
    turns: state.turns.length,
    /** What a call was to be made with is JSON text: its form is the tool's own. */
    approvals: state.approvals.map(({ input, ...approval }) => ({ ...approval, input: JSON.stringify(input) })),
    files: state.files,
    ...(state.constitution === undefined ? {} : { constitutionHash: state.constitution.hash }),
    ...(training === undefined
      ? {}
      : { training: { by: training.by, since: new Date(training.since).toISOString(), until: new Date(training.until).toISOString() } }),
  };
}
export type SessionDocument = ReturnType<typeof sessionDocument>;

/** One exchange: what was asked, and what became of it. */
export function exchangesOf(state: SessionState, after: number, limit: number) {
  const rest = state.turns.filter((turn) => turn.seq > after);
  const shown = rest.slice(0, limit).map(({ turn, message, state: stands, text, shown, engine, usage, problem, seq }) => ({
    turn,
    message,
    state: stands,
    text: text ?? shown,
    engine,
    usage,
    problem,
    seq,
  }));
  return { exchanges: shown, hasMore: rest.length > limit };
}
