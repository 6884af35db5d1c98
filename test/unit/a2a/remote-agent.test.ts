import { describe, expect, it } from "vitest";
import { callRemoteAgent, type RemoteAgent, resolveRemoteAgent } from "../../../workers/a2a/remote-agent.ts";
import { outboundFetch, type WayOut } from "../../../workers/platform/outbound.ts";
import { problemOf } from "../../../workers/platform/problem.ts";

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** A way out that leads to one answer, and remembers what was asked. */
function wayTo(body: unknown, status = 200, headers: Record<string, string> = {}): { way: WayOut; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
  };
  return { way: { fetch, allowed: new Set() }, sent };
}

async function typeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => problemOf(error)?.type,
  );
}

const CARD = "https://agent.example/.well-known/agent-card.json";
const rpcAgent: RemoteAgent = { name: "A", url: "https://agent.example/rpc", binding: "JSONRPC", tenant: "t1" };
const httpAgent: RemoteAgent = { name: "A", url: "https://agent.example/v1/", binding: "HTTP+JSON", tenant: "t1" };

describe("a remote agent's card", () => {
  it("gives the first interface that is spoken here, with its tenant (§8.3.2)", async () => {
    const supportedInterfaces = [
      { url: "https://agent.example/grpc", protocolBinding: "GRPC", protocolVersion: "1.0" },
      { url: "https://agent.example/old", protocolBinding: "JSONRPC", protocolVersion: "0.3" },
      { url: "https://agent.example/v1", protocolBinding: "HTTP+JSON", protocolVersion: "1.0", tenant: "acme" },
      { url: "https://agent.example/rpc", protocolBinding: "JSONRPC", protocolVersion: "1.0" },
    ];
    const { way } = wayTo({ name: "Agent", supportedInterfaces });
    expect(await resolveRemoteAgent(way, CARD, {})).toEqual({
      name: "Agent",
      url: "https://agent.example/v1",
      binding: "HTTP+JSON",
      tenant: "acme",
    });
  });

  it.each([
    ["is no card", {}, 200, "tool-failed"],
    [
      "speaks gRPC alone",
      { supportedInterfaces: [{ url: "https://a.example", protocolBinding: "GRPC", protocolVersion: "1.0" }] },
      200,
      "tool-failed",
    ],
    ["is not there", {}, 404, "not-found"],
    ["is for others", {}, 403, "forbidden"],
  ])("that %s is refused", async (_, body, status, type) => {
    expect(await typeOf(resolveRemoteAgent(wayTo(body, status).way, CARD, {}))).toBe(type);
  });

  it("is asked for at no address inside", async () => {
    const { way, sent } = wayTo({});
    for (const card of ["http://127.0.0.1/card", "http://[::1]/card", "http://metadata.internal/card"])
      expect(await typeOf(resolveRemoteAgent(way, card, {}))).toBe("address-not-allowed");
    expect(sent).toEqual([]);
  });
});

describe("a call", () => {
  it("goes by JSON-RPC with the tenant among its parameters", async () => {
    const { way, sent } = wayTo({ jsonrpc: "2.0", id: 1, result: { ok: true } });
    expect(await callRemoteAgent(way, rpcAgent, { method: "GetTask", params: { id: "x" }, key: "k", authorization: "Bearer s" })).toEqual({
      ok: true,
    });
    expect(sent[0]?.url).toBe("https://agent.example/rpc");
    expect(JSON.parse(String(sent[0]?.init.body))).toEqual({ jsonrpc: "2.0", id: 1, method: "GetTask", params: { id: "x", tenant: "t1" } });
    const headers = new Headers(sent[0]?.init.headers);
    expect([headers.get("a2a-version"), headers.get("idempotency-key"), headers.get("authorization")]).toEqual(["1.0", "k", "Bearer s"]);
  });

  it.each([
    ["SendMessage", { message: {} }, "POST", "https://agent.example/v1/t1/message:send"],
    ["GetTask", { id: "a b", historyLength: 0 }, "GET", "https://agent.example/v1/t1/tasks/a%20b?historyLength=0"],
    ["CancelTask", { id: "x" }, "POST", "https://agent.example/v1/t1/tasks/x:cancel"],
  ] as const)("%s goes by HTTP+JSON with the tenant in its path (§11.3)", async (method, params, verb, url) => {
    const { way, sent } = wayTo({ ok: true });
    expect(await callRemoteAgent(way, httpAgent, { method, params })).toEqual({ ok: true });
    expect([sent[0]?.init.method, sent[0]?.url]).toEqual([verb, url]);
  });

  it.each([
    [{ jsonrpc: "2.0", id: 1, error: { code: -32001, message: "gone" } }, 200, "not-found"],
    [{ jsonrpc: "2.0", id: 1, error: { code: -32603, message: "oops" } }, 200, "unavailable"],
    [{ jsonrpc: "2.0", id: 1, error: { code: -32004, message: "no" } }, 200, "invalid-request"],
    [{}, 401, "forbidden"],
    [{}, 429, "too-many-requests"],
    [{}, 503, "unavailable"],
  ])("that is answered by %j with %i is the problem %s", async (body, status, type) => {
    expect(await typeOf(callRemoteAgent(wayTo(body, status).way, rpcAgent, { method: "GetTask", params: { id: "x" } }))).toBe(type);
  });

  it("follows no redirect with what it sends", async () => {
    const { way, sent } = wayTo({}, 307, { Location: "https://elsewhere.example/" });
    expect(await typeOf(callRemoteAgent(way, rpcAgent, { method: "GetTask", params: { id: "x" } }))).toBe("tool-failed");
    expect(sent).toHaveLength(1);
  });
});

describe("hosts an operator lets be reached", () => {
  it("may be named with all their ports, and no other host with them", async () => {
    const way = { ...wayTo({}).way, allowed: new Set(["localhost:*"]) };
    const request = { maxBytes: 100, timeoutMs: 1_000, mediaTypes: "any" } as const;
    expect((await outboundFetch(way, { ...request, url: "http://localhost:49152/" })).status).toBe(200);
    expect(await typeOf(outboundFetch(way, { ...request, url: "http://127.0.0.1:49152/" }))).toBe("address-not-allowed");
  });
});
