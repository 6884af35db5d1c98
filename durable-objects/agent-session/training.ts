import { lockNamed } from "../../workers/operations/lock-named.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import type { EventData, NewEvent } from "../../workers/platform/events.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { RecordedDecision } from "../../workers/platform/recorded.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";
import type { AlarmSource } from "../schedule/alarm-clock.ts";
import { presentTraining, type SessionState, type TrainingRecord } from "./session-view.ts";

/** How long one session may keep an agent to itself. */
export const TRAINING_MS = 86_400_000;
/** The lock is first taken for this long: who dies before recording that they have it keeps nobody out for a day. */
const FIRST_HOLD_MS = 60_000;
/** When a lock that could not be reached is tried again. */
const RETRY_MS = 5_000;

export interface TrainingParts {
  readonly env: Env;
  readonly clock: Clock;
  readonly state: () => SessionState | undefined;
  readonly append: (event: NewEvent) => void;
}

/**
 * Training mode: the session alone may train its agent, for a day at most. It holds the lock of its tenant and agent, by a token that its events keep, and lets
 * it go when it is told to, when a turn fails, when the session is closed, and when the time is over. What an interruption left is taken up by the alarm.
 */
export class Training implements AlarmSource {
  readonly name = "training";
  readonly #parts: TrainingParts;
  /** The token whose lock this incarnation knows to be held to its end. */
  #held: number | undefined;
  #retryAt: number | undefined;

  constructor(parts: TrainingParts) {
    this.#parts = parts;
  }

  /** Takes the agent for this session. Taking it twice is taking it once. @throws Problem `conflict` while another session trains it */
  async start(principal: Principal, decision: RecordedDecision): Promise<void> {
    const state = this.#parts.state();
    if (state === undefined || this.#present() !== undefined) return;
    if (state.isClosed) throw new Problem("session-closed", "The session is closed; start a new one.");
    const { isGranted, token, expiresAt } = await this.#lock(state.agent)("acquire", FIRST_HOLD_MS);
    if (!isGranted) {
      const seconds = Math.max(1, Math.ceil((expiresAt - this.#parts.clock.now()) / 1_000));
      const until = new Date(expiresAt).toISOString();
      throw new Problem(
        "conflict",
        `Another session trains the agent ${state.agent} until ${until}, unless it ends before; one may at a time.`,
        {
          retryAfterSeconds: seconds,
        },
      );
    }
    // Two requests at once both come here when the first lock had run out: the later token is the one that holds.
    if (this.#present() !== undefined) return;
    const until = this.#parts.clock.now() + TRAINING_MS;
    this.#parts.append({ type: "training.started", data: { agent: state.agent, token, until, by: principal.subject, decision } });
    await this.onDue();
  }

  /** Lets the agent go. @throws Problem `conflict` when the session does not train it; `unavailable` when the lock cannot be reached */
  async release(by: string): Promise<void> {
    const training = this.#present();
    if (training === undefined) throw new Problem("conflict", "The session is not in training mode.");
    if (!(await this.#letGo(training, { reason: "released", by })))
      throw new Problem("unavailable", "The lock of the agent could not be reached; try again in a moment.", { retryAfterSeconds: 5 });
  }

  dueAt(): number | undefined {
    const training = this.#present();
    if (training === undefined) return undefined;
    const isSettled = training.ending === undefined && this.#held === training.token;
    return isSettled ? training.until : (this.#retryAt ?? this.#parts.clock.now());
  }

  /** Ends what has to end, and makes sure of what goes on. */
  async onDue(): Promise<void> {
    const training = this.#present();
    if (training === undefined) return;
    const left = training.until - this.#parts.clock.now();
    if (training.ending !== undefined) await this.#letGo(training, { reason: training.ending });
    else if (left <= 0) await this.#letGo(training, { reason: "expired" });
    else if (this.#held !== training.token) await this.#hold(training, left);
  }

  /** Whether an event of this number happened in training. */
  covers(seq: number): boolean {
    return this.#parts.state()?.trainings.some(({ first, last }) => seq >= first && seq <= (last ?? seq)) === true;
  }

  async #hold(training: TrainingRecord, left: number): Promise<void> {
    await this.#reaching(async () => {
      const { isGranted } = await this.#lock(training.agent)("renew", training.token, left);
      if (isGranted) this.#held = training.token;
      else this.#end(training, { reason: "lost" });
    });
  }

  async #letGo(training: TrainingRecord, ending: EventData["training.ended"]): Promise<boolean> {
    return this.#reaching(async () => {
      await this.#lock(training.agent)("release", training.token);
      this.#end(training, ending);
    });
  }

  #end(training: TrainingRecord, ending: EventData["training.ended"]): void {
    if (this.#present()?.token === training.token) this.#parts.append({ type: "training.ended", data: ending });
  }

  /** Does something with the lock; when it cannot be reached the alarm tries again. @throws the platform's own resets */
  async #reaching(work: () => Promise<void>): Promise<boolean> {
    this.#retryAt = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      if (isPlatformReset(error)) throw error;
      this.#retryAt = this.#parts.clock.now() + RETRY_MS;
      log("warn", "training.lock-not-reached", {}, { error: describeError(error) });
      return false;
    }
  }

  #present(): TrainingRecord | undefined {
    const state = this.#parts.state();
    return state === undefined ? undefined : presentTraining(state);
  }

  #lock(agent: string) {
    return lockNamed(this.#parts.env, `${this.#parts.state()?.principal.tenant ?? ""}/training/${agent}`);
  }
}
