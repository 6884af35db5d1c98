import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { must, somaClient } from "../../../clients/sdk/client.ts";
import { SomaUnreachable } from "../../../clients/sdk/patience.ts";
import { SomaProblem } from "../../../clients/sdk/problem.ts";

const SESSION = { id: "ses_1", title: "", state: "open", agent: "analyst", isBusy: false, turns: 0, approvals: [], files: [] };
const made = () => Response.json(SESSION, { status: 201 });
const putOff = (status: number, headers: Record<string, string> = {}) => Response.json({}, { status, headers });

/** A client whose server gives these answers, one after the other, and the requests that it got. */
function clientOf(...answers: (() => Response | Error)[]) {
  const requests: { at: number; key: string | null; body: string }[] = [];
  const client = somaClient({
    url: "https://soma.test/",
    apiKey: "soma_key",
    send: async (request) => {
      requests.push({ at: Date.now(), key: request.headers.get("Idempotency-Key"), body: await request.text() });
      const answer = answers[requests.length - 1]?.() ?? made();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const create = (signal?: AbortSignal) =>
    must(client.api.POST("/v1/sessions", { body: { title: "a" }, ...(signal === undefined ? {} : { signal }) }));
  return { client, create, requests };
}

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-21T08:00:00Z") }));
afterEach(() => void vi.useRealTimers());

/** The outcome of a promise whose waits pass at once. */
async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  const outcome = promise.catch((error: Error) => error);
  await vi.runAllTimersAsync();
  return outcome;
}

describe("a request that the server puts off", () => {
  it("is sent again after the seconds it names, with the same key and body", async () => {
    const { create, requests } = clientOf(
      () => putOff(429, { "Retry-After": "7" }),
      () => putOff(503, { "Retry-After": "2" }),
    );
    expect(await settled(create())).toMatchObject({ id: "ses_1" });
    expect(requests.map((request) => request.at - (requests[0]?.at ?? 0))).toEqual([0, 7_000, 9_000]);
    expect(new Set(requests.map((request) => `${request.key} ${request.body}`)).size).toBe(1);
    expect(requests[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is sent again at the time it names as a date, and after a second when it names none", async () => {
    const { create, requests } = clientOf(
      () => putOff(503, { "Retry-After": "Sat, 21 Nov 2026 08:00:12 GMT" }),
      () => putOff(503),
    );
    await settled(create());
    expect(requests.map((request) => request.at - (requests[0]?.at ?? 0))).toEqual([0, 12_000, 13_000]);
  });

  it("waits for the first request with its key to end", async () => {
    const { create, requests } = clientOf(() => putOff(409, { "Retry-After": "1" }));
    expect(await settled(create())).toMatchObject({ id: "ses_1" });
    expect(requests).toHaveLength(2);
  });

  it("is not sent again before the time that the server asks for: a long wait is passed on at once", async () => {
    const { create, requests } = clientOf(() => putOff(429, { "Retry-After": "3600" }));
    expect(await settled(create())).toMatchObject({ status: 429 });
    expect(requests).toHaveLength(1);
  });

  it("is given up after five tries", async () => {
    const { create, requests } = clientOf(...Array.from({ length: 9 }, () => () => putOff(503)));
    expect(await settled(create())).toBeInstanceOf(SomaProblem);
    expect(requests).toHaveLength(5);
  });

  it("is not sent again when the refusal is final", async () => {
    const { create, requests } = clientOf(() => putOff(409));
    expect(await settled(create())).toMatchObject({ name: "SomaProblem", status: 409 });
    expect(requests).toHaveLength(1);
  });
});

describe("a lost connection", () => {
  it("is made again, then told of with the address", async () => {
    const lost = () => new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) });
    const { create, requests } = clientOf(lost, lost);
    expect(await settled(create())).toMatchObject({ id: "ses_1" });
    expect(requests).toHaveLength(3);
    const dead = clientOf(lost, lost, lost);
    const outcome = await settled(dead.create());
    expect(outcome).toBeInstanceOf(SomaUnreachable);
    expect(outcome).toHaveProperty("message", expect.stringContaining("https://soma.test (ECONNREFUSED)"));
  });
});

describe("an abort", () => {
  it("ends the wait for a server that put the request off", async () => {
    const { create, requests } = clientOf(() => putOff(503, { "Retry-After": "20" }));
    const abort = new AbortController();
    const outcome = create(abort.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_000);
    abort.abort(new Error("enough"));
    expect(await outcome).toHaveProperty("message", "enough");
    expect(requests).toHaveLength(1);
  });
});

describe("a problem", () => {
  it("carries the document; what is none is told as it came", async () => {
    const document = { type: "urn:soma:problem:not-found", title: "No", status: 404, detail: "No session.", requestId: "req_1" };
    const { create } = clientOf(() => Response.json(document, { status: 404 }));
    expect(await settled(create())).toMatchObject({ name: "SomaProblem", type: document.type, message: "No session.", requestId: "req_1" });
    const strange = clientOf(() => new Response("<html>Bad gateway", { status: 502 }));
    expect(await settled(strange.create())).toHaveProperty("message", "The server answered 502: <html>Bad gateway");
  });
});
