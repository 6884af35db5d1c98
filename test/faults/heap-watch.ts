import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const LOOK_EVERY_MS = 2_000;
/** A collection takes time from the work: it gets this share of it at most. */
const SHARE = 0.1;
/** On a machine that does much else it takes long to be heard. */
const ANSWERS_MS = 60_000;
const FIRST_LOOK_MS = 180_000;
const BYTES_A_MEGABYTE = 1_048_576;
/** Between two samples: more than is ever allocated. */
const NOTHING_SAMPLED_BYTES = 1_000_000_000_000;

const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const heapSchema = z.object({ id: z.number(), result: z.object({ usedSize: z.number(), embedderHeapUsedSize: z.number().default(0) }) });

/**
 * Watches the heap of the Worker's isolate through its inspector (Chrome DevTools Protocol, `Runtime.getHeapUsage` after a collection). All objects
 * of the local platform live in this one isolate, with the code and the policies: none of them can hold more than what all of them together add to
 * the isolate as it was before any work.
 */
export class HeapWatch {
  readonly #port: number;
  #isOver = false;
  #idleBytes: number | undefined;
  #peakBytes = 0;
  #looks = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** The most that was alive at any look, in MiB; 0 before the first look. */
  get peakMegabytes(): number {
    return Math.round((this.#peakBytes / BYTES_A_MEGABYTE) * 10) / 10;
  }

  /** What was alive at the first look, in MiB: code and policies, before anything was done. */
  get idleMegabytes(): number {
    return Math.round(((this.#idleBytes ?? 0) / BYTES_A_MEGABYTE) * 10) / 10;
  }

  get looks(): number {
    return this.#looks;
  }

  /** Resolves once it has looked. @throws Error when that does not come about in time */
  async hasLooked(): Promise<void> {
    const latest = Date.now() + FIRST_LOOK_MS;
    while (this.#idleBytes === undefined) {
      if (Date.now() > latest) throw new Error("The heap could not be looked at: the inspector does not answer.");
      await sleep(100);
    }
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Looks again and again until it is stopped; while the platform is dead there is nothing to see. */
  async watch(): Promise<void> {
    while (!this.#isOver) {
      const begun = Date.now();
      const bytes = await this.#look().catch(() => undefined);
      if (bytes !== undefined) {
        this.#looks += 1;
        this.#idleBytes ??= bytes;
        this.#peakBytes = Math.max(this.#peakBytes, bytes);
      }
      await sleep(Math.max(LOOK_EVERY_MS, (Date.now() - begun) / SHARE));
    }
  }

  async #look(): Promise<number> {
    const signal = AbortSignal.timeout(ANSWERS_MS);
    const targets = targetsSchema.parse(await (await fetch(`http://127.0.0.1:${this.#port}/json`, { signal })).json());
    const worker = targets.find((target) => target.webSocketDebuggerUrl.endsWith("core:user:somaagent"));
    if (worker === undefined) throw new Error("the Worker is not there yet");
    const socket = new WebSocket(worker.webSocketDebuggerUrl);
    try {
      return await new Promise<number>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("the inspector did not answer")));
        socket.addEventListener("error", () => reject(new Error("the inspector is gone")));
        socket.addEventListener("close", () => reject(new Error("the inspector is gone")));
        socket.addEventListener("open", () => {
          // `HeapProfiler.collectGarbage` is a task that workerd never gets to. A sampling profile is taken after a collection, there and then.
          const collecting = [
            { method: "HeapProfiler.startSampling", params: { samplingInterval: NOTHING_SAMPLED_BYTES } },
            { method: "HeapProfiler.stopSampling" },
          ];
          for (const call of collecting) socket.send(JSON.stringify({ id: 1, ...call }));
          socket.send(JSON.stringify({ id: 2, method: "Runtime.getHeapUsage" }));
        });
        socket.addEventListener("message", ({ data }) => {
          const answer = heapSchema.safeParse(JSON.parse(String(data)));
          if (answer.success && answer.data.id === 2) resolve(answer.data.result.usedSize + answer.data.result.embedderHeapUsedSize);
        });
      });
    } finally {
      socket.close();
    }
  }
}
