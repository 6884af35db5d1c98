import { DurableObject } from "cloudflare:workers";

interface BareEnv {
  readonly TURNS: DurableObjectNamespace<BareTurns>;
}

/** What a turn leaves in its object: as many rows, about as long as a real turn's. */
const ROWS = ["turn.started", "step.intended", "turn.delta", "step.done", "turn.completed"].map((type) => ({
  type,
  data: JSON.stringify({ turn: "trn_01KAJ2M3N4P5Q6R7S8T9V0W1X2", text: "What is known here is told in so many words. ".repeat(8) }),
}));
const WATCHDOG_MS = 30_000;

/** The peer of a turn: an object that writes the same rows and sets an alarm, and streams the rows as they are written. */
export class BareTurns extends DurableObject<BareEnv> {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: BareEnv) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL)",
    );
  }

  async turn(): Promise<ReadableStream<Uint8Array>> {
    await this.ctx.storage.setAlarm(Date.now() + WATCHDOG_MS);
    const encoder = new TextEncoder();
    const left = ROWS.values();
    const sql = this.#sql;
    return new ReadableStream({
      type: "bytes",
      pull(controller) {
        const next = left.next();
        if (next.done === true) return controller.close();
        const { type, data } = next.value;
        sql.exec("INSERT INTO events (at, type, data) VALUES (?, ?, ?)", Date.now(), type, data);
        controller.enqueue(encoder.encode(`event: ${type}\ndata: ${data}\n\n`));
      },
    });
  }

  override alarm(): void {
    // Nothing is ever due: the peer does no more than a turn's writes.
  }
}

export default {
  async fetch(request, env) {
    const session = new URL(request.url).pathname;
    return new Response(await env.TURNS.getByName(session).turn(), { headers: { "Content-Type": "text/event-stream" } });
  },
} satisfies ExportedHandler<BareEnv>;
