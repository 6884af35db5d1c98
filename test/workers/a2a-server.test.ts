import { SELF } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { newTenant, type TestTenant } from "./tenant.ts";

let tenant: TestTenant;
const VERSION = { "A2A-Version": "1.0" };

beforeAll(async () => {
  tenant = await newTenant("A2A");
});

async function rpc(method: string, params: unknown, headers: Record<string, string> = VERSION) {
  const response = await tenant.post("/a2a", { jsonrpc: "2.0", id: 7, method, params }, headers);
  return { response, body: JSON.parse(await response.text()) };
}

const message = (text: string, more: Record<string, unknown> = {}) => ({
  message: { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }], ...more },
});

describe("the agent card", () => {
  it("is public, names both bindings and may be kept", async () => {
    const response = await SELF.fetch("http://soma.test/.well-known/agent-card.json");
    expect(response.status).toBe(200);
    const card = JSON.parse(await response.text());
    expect(card.supportedInterfaces).toEqual([
      { url: "http://soma.test/a2a", protocolBinding: "JSONRPC", protocolVersion: "1.0" },
      { url: "http://soma.test/a2a", protocolBinding: "HTTP+JSON", protocolVersion: "1.0" },
    ]);
    expect(response.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
    expect(response.headers.get("last-modified")).toMatch(/GMT$/);
    const etag = response.headers.get("etag") ?? "";
    const again = await SELF.fetch("http://soma.test/.well-known/agent-card.json", { headers: { "If-None-Match": etag } });
    expect(again.status).toBe(304);
  });
});

describe("a task by JSON-RPC", () => {
  it("is answered by the analyst when its work has ended", async () => {
    const { body } = await rpc("SendMessage", message("What can you do?"));
    expect(body.result.task.status.state).toBe("TASK_STATE_COMPLETED");
  });
});
