import { drillOver, type Governance, type Switch, stoppingSwitch } from "../../workers/platform/governance.ts";
import { Held } from "../../workers/platform/held.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";
import type { Gate } from "../journal/gate.ts";

/** How often the switches are looked at while effects outside are under way. What is read is the isolate's, and at most a second old. */
const WATCH_EVERY_MS = 500;

interface Watch {
  readonly uses: readonly string[];
  readonly onThrown: (held: Held) => void;
}

export interface SwitchGateParts {
  /** What governs the object's tenant now. */
  readonly governance: () => Promise<Pick<Governance, "switches">>;
  /** A drill reaches something that would now stop. */
  readonly onDrill: (drill: Switch, uses: readonly string[]) => void;
}

/** The kill switches, as one object's journal asks about them: before each step, and by one timer for all effects outside that are under way. */
export class SwitchGate implements Gate {
  readonly #parts: SwitchGateParts;
  readonly #watches = new Set<Watch>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isLooking = false;

  constructor(parts: SwitchGateParts) {
    this.#parts = parts;
  }

  async admit(uses: readonly string[]): Promise<void> {
    const governance = await this.#parts.governance();
    const thrown = stoppingSwitch(governance, uses);
    if (thrown !== undefined) throw new Held(thrown.id);
    this.#tellDrills(governance, uses);
  }

  watch(uses: readonly string[], onThrown: (held: Held) => void): () => void {
    const watch = { uses, onThrown };
    this.#watches.add(watch);
    this.#timer ??= setInterval(() => void this.#look(), WATCH_EVERY_MS);
    return () => this.#end(watch);
  }

  /** True while this switch is thrown. */
  async isThrown(id: string): Promise<boolean> {
    return (await this.#parts.governance()).switches.some((thrown) => thrown.id === id);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const governance = await this.#parts.governance();
      for (const watch of [...this.#watches]) {
        const thrown = stoppingSwitch(governance, watch.uses);
        if (thrown === undefined) this.#tellDrills(governance, watch.uses);
        else {
          this.#end(watch);
          watch.onThrown(new Held(thrown.id));
        }
      }
    } catch (error) {
      // What cannot be read cannot be obeyed yet; the next look comes soon, and no step begins meanwhile without an answer.
      log("warn", "kill-switch.not-read", {}, { error: describeError(error) });
    } finally {
      this.#isLooking = false;
    }
  }

  #tellDrills(governance: Pick<Governance, "switches">, uses: readonly string[]): void {
    const drill = drillOver(governance, uses);
    if (drill !== undefined) this.#parts.onDrill(drill, uses);
  }

  #end(watch: Watch): void {
    this.#watches.delete(watch);
    if (this.#watches.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
