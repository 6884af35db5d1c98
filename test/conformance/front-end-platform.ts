import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";

const KEY = "sk-test-0123456789abcdef";
const madeSchema = z.object({ id: z.string() });

/** A platform in a process of its own, with a model that answers by script: what front ends connect to by their own clients. */
export class FrontEndPlatform {
  readonly model: ModelServer;
  readonly #platform: StartedPlatform;
  readonly #folder: string;

  private constructor(model: ModelServer, platform: StartedPlatform, folder: string) {
    this.model = model;
    this.#platform = platform;
    this.#folder = folder;
  }

  static async start(): Promise<FrontEndPlatform> {
    const folder = mkdtempSync(join(tmpdir(), "soma-front-end-"));
    const model = await startModelServer({ apiKey: KEY, model: "rule-based" });
    const settings = { SOMA_MODEL_BASE_URL: model.url, SOMA_MODEL_API_KEY: KEY, SOMA_MODEL_NAME: "rule-based" };
    return new FrontEndPlatform(model, await startOver(join(folder, "state"), settings), folder);
  }

  get url(): string {
    return this.#platform.ready.url;
  }

  get headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#platform.ready.apiKey}` };
  }

  async stop(): Promise<void> {
    await end(this.#platform.host, "SIGTERM");
    await this.model.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async newSession(): Promise<string> {
    return this.#made("/v1/sessions", { title: "Front end" });
  }

  async newRun(graph: unknown): Promise<string> {
    return this.#made("/v1/mao/runs", { graph });
  }

  async read<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
    return schema.parse(await (await fetch(`${this.url}${path}`, { headers: this.headers })).json());
  }

  async #made(path: string, body: unknown): Promise<string> {
    const headers = { ...this.headers, "Content-Type": "application/json" };
    const response = await fetch(`${this.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return madeSchema.parse(await response.json()).id;
  }
}

/** Fetches whose response breaks off after so many bytes, as a lost connection does. */
export function breakingFetch(afterBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const reader = response.body?.getReader();
    if (reader === undefined) return response;
    let left = afterBytes;
    const broken = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (left <= 0) {
          await reader.cancel();
          return controller.error(new TypeError("the connection was lost [meant by the test]"));
        }
        const { done, value } = await reader.read();
        if (done) return controller.close();
        controller.enqueue(value.slice(0, left));
        left -= value.byteLength;
      },
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(broken, { status: response.status, headers: response.headers });
  };
}

/** A graph in which a person approves and then names a colour, before it ends. */
export const INTERVIEW = {
  steps: {
    first: { uses: "tool:value.set", with: { value: 1 } },
    ok: { uses: "human:approve", needs: ["first"], with: { prompt: "May it go on?" } },
    colour: { uses: "human:input", needs: ["ok"], with: { prompt: "Which colour?" } },
  },
  outputs: { colour: "${steps.colour.output.text}" },
};
