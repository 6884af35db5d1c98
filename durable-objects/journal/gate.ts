import type { Held } from "../../workers/platform/held.ts";

/** Asked before every step of a journal whether it may begin, and while an effect outside is under way whether it may go on. */
export interface Gate {
  /**
   * @param uses what the step uses and what it is part of: `tool:data.query`, `agent:analyst`
   * @throws Held while a kill switch stops it
   */
  admit(uses: readonly string[]): Promise<void>;
  /** Calls `onThrown` once when a switch is thrown that stops it, until what it returns is called. */
  watch(uses: readonly string[], onThrown: (held: Held) => void): () => void;
}
