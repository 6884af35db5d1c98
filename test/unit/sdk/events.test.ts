import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { somaClient } from "../../../clients/sdk/client.ts";
import type { FollowOptions } from "../../../clients/sdk/events.ts";

const event = (seq: number, type = "step.done") =>
  `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ seq, at: 0, type, data: {} })}\n\n`;

/** How a connection goes: what it brings, and whether it then breaks or ends in order. */
interface Connection {
  readonly brings: string;
  readonly breaks?: boolean;
  readonly status?: number;
}

/** Follows a server whose connections go like this; what it was asked for is kept. */
async function follow(connections: readonly Connection[], options: FollowOptions = {}) {
  const asked: (string | null)[] = [];
  const client = somaClient({
    url: "https://soma.test",
    apiKey: "key",
    send: async (request) => {
      asked.push(request.headers.get("Last-Event-ID"));
      const { brings, breaks, status = 200 } = connections[asked.length - 1] ?? { brings: "retry: 1000\n\n" };
      if (status !== 200) return new Response(brings, { status });
      let isSent = false;
      return new Response(
        new ReadableStream({
          pull(controller) {
            if (!isSent) controller.enqueue(new TextEncoder().encode(brings));
            else if (breaks === true) controller.error(new TypeError("terminated"));
            else controller.close();
            isSent = true;
          },
        }),
      );
    },
  });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { seq } of client.events("prj_1", options)) seen.push(seq);
  })().catch((error: Error) => error);
  await vi.runAllTimersAsync();
  return { seen, asked, outcome: await reading };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("events", () => {
  it("come once and in order over broken connections, each resumed after the last", async () => {
    const { seen, asked, outcome } = await follow([
      { brings: `retry: 1000\n\n${event(1)}${event(2)}${event(3).slice(0, 20)}`, breaks: true },
      { brings: "", breaks: true },
      { brings: `${event(2)}${event(3)}`, breaks: true },
      { brings: event(4) },
    ]);
    expect(outcome).toBeUndefined();
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual(["0", "2", "2", "3", "4"]);
  });

  it("go on after a proxy ended the stream in order, and end when a fresh stream brings nothing", async () => {
    const { seen, asked } = await follow([{ brings: ": keep-alive\n\n" }, { brings: event(1) }, { brings: "retry: 1000\n\n" }]);
    expect(seen).toEqual([1]);
    expect(asked).toEqual(["0", "0", "1"]);
  });

  it("begin after the one you have, and end after the one you want", async () => {
    const { seen, asked } = await follow([{ brings: `${event(8)}${event(9, "project.delivered")}${event(10)}` }], {
      after: 7,
      isLast: ({ type }) => type === "project.delivered",
    });
    expect(seen).toEqual([8, 9]);
    expect(asked).toEqual(["7"]);
  });

  it("are waited for while the server is away or puts it off, and refused when it refuses", async () => {
    const away = await follow([
      { brings: "{}", status: 503 },
      { brings: "{}", status: 500 },
      { brings: "{}", status: 429 },
      { brings: event(1) },
    ]);
    expect(away.seen).toEqual([1]);
    const refused = await follow([
      { brings: event(1), breaks: true },
      { brings: "{}", status: 404 },
    ]);
    expect(refused.seen).toEqual([1]);
    expect(refused.outcome).toMatchObject({ name: "SomaProblem", status: 404 });
  });

  it("are given up when no connection brings any", async () => {
    const { asked, outcome } = await follow(Array.from({ length: 99 }, () => ({ brings: "", breaks: true })));
    expect(outcome).toHaveProperty("message", expect.stringContaining("60 connections"));
    expect(asked).toHaveLength(60);
  });

  it("are not read as others than they are: what is no event of ours is an error", async () => {
    const { outcome } = await follow([{ brings: "data: {not json\n\n" }]);
    expect(outcome).toBeInstanceOf(SyntaxError);
  });

  it("end with the reason of an abort", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error("enough")), 700);
    const { outcome } = await follow(
      Array.from({ length: 99 }, () => ({ brings: "", breaks: true })),
      { signal: abort.signal },
    );
    expect(outcome).toHaveProperty("message", "enough");
  });
});
