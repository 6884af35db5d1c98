import { describeError, log } from "../../workers/platform/telemetry.ts";

/**
 * Keeps one loop of work going and never two: `start` begins it, or, while it runs, makes it look once more before it rests.
 * The work itself is all that can be done now; it returns when it is finished or waits for something outside.
 */
export class Drive {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts the loop or makes it go round once more. Resolves when it rests; most callers do not wait for that. */
  start(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #loop(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.#work();
      } catch (error) {
        // Whatever ended the loop, the watchdog alarm is set and starts it again from what is recorded.
        log("warn", "drive.interrupted", {}, { error: describeError(error) });
        return;
      }
    } while (this.#again);
  }
}
