import { env, SELF } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { app } from "../../workers/gateway/app.ts";
import { publishedOperations } from "./openapi-operations.ts";
import { caller, newTenant, OPERATOR_TOKEN } from "./tenant.ts";

const EVERY_ANSWER = {
  "X-Request-Id": /^req_/,
  traceparent: /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/,
  "X-Content-Type-Options": /^nosniff$/,
  "Referrer-Policy": /^no-referrer$/,
  "Content-Security-Policy": /default-src 'none'/,
  "Cross-Origin-Resource-Policy": /^same-origin$/,
  "Cache-Control": /^(no-store|public, max-age=60|no-cache.*)$/,
  Vary: /Origin/,
};

function expectHeaders(answer: Response, from: string): void {
  for (const [name, form] of Object.entries(EVERY_ANSWER)) expect(answer.headers.get(name) ?? "", `${name} of ${from}`).toMatch(form);
}

describe("every answer has the headers that keep a browser safe", () => {
  it("on routes, refusals, streams and what is not there", async () => {
    const tenant = await newTenant();
    const { id } = await (await tenant.post("/v1/sessions", {})).json<{ id: string }>();
    const { id: file } = await (await tenant.fetch("/v1/artifacts?name=a.html", { method: "POST", body: "<script>" })).json<{
      id: string;
    }>();
    const content = await tenant.fetch(`/v1/artifacts/${file}/content`);
    const answers: Record<string, Response> = {
      ok: await tenant.fetch("/v1/tools"),
      "a stream": await tenant.post(`/v1/sessions/${id}/messages`, { text: "Hello" }, { Accept: "text/event-stream" }),
      "a download": content,
      "no content": await tenant.fetch(`/v1/artifacts/${file}`, { method: "DELETE" }),
      unauthorized: await SELF.fetch("http://soma.test/v1/tools"),
      "bad request": await tenant.post("/v1/sessions", { surprise: true }),
      "not found": await SELF.fetch("http://soma.test/nothing"),
      "wrong method": await SELF.fetch("http://soma.test/v1/tools", { method: "PUT" }),
      health: await SELF.fetch("http://soma.test/healthz"),
      keys: await SELF.fetch("http://soma.test/.well-known/jwks.json"),
    };
    for (const [from, answer] of Object.entries(answers)) {
      expectHeaders(answer, from);
      await answer.body?.cancel();
    }
    expect(content.headers.get("Content-Disposition")).toMatch(/^attachment/);
  });

  it("and over HTTPS the one that keeps it there", async () => {
    const answer = await SELF.fetch("https://soma.test/healthz");
    expect(answer.headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d+/);
  });
});

describe("a page of another origin", () => {
  const trusting = { ...env, SOMA_CORS_ORIGINS: "https://console.example,https://other.example" };
  const preflight = (origin: string) =>
    new Request("http://soma.test/v1/sessions", {
      method: "OPTIONS",
      headers: { Origin: origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" },
    });

  it("may call when an operator has named it, with the headers it needs and no cookies", async () => {
    const answer = await app.fetch(preflight("https://console.example"), trusting);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://console.example");
    expect(answer.headers.get("Access-Control-Allow-Headers")).toContain("Authorization");
    expect(answer.headers.get("Access-Control-Allow-Methods")).toContain("POST");
    expect(answer.headers.get("Access-Control-Allow-Credentials")).toBeNull();
    const refused = await app.fetch(new Request("http://soma.test/v1/tools", { headers: { Origin: "https://console.example" } }), trusting);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("Access-Control-Allow-Origin")).toBe("https://console.example");
    expect(refused.headers.get("Access-Control-Expose-Headers")).toContain("RateLimit");
    expect(refused.headers.get("Vary")).toContain("Origin");
  });

  it.each(["https://evil.example", "null", "https://console.example.evil.example", "http://console.example"])(
    "may not when it is %s",
    async (origin) => {
      for (const request of [preflight(origin), new Request("http://soma.test/healthz", { headers: { Origin: origin } })]) {
        const answer = await app.fetch(request, trusting);
        expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
      }
    },
  );
});

describe("HEAD", () => {
  it("answers what GET does, without a body", async () => {
    const tenant = await newTenant();
    for (const path of ["/v1/tools", "/healthz", "/v1/sessions/none"]) {
      const got = await tenant.fetch(path);
      const asked = await tenant.fetch(path, { method: "HEAD" });
      expect(asked.status, path).toBe(got.status);
      expect(asked.headers.get("Content-Type"), path).toBe(got.headers.get("Content-Type"));
      expect(await asked.text(), path).toBe("");
      await got.body?.cancel();
    }
  });
});

describe("/readyz", () => {
  it("says which part does not answer, and asks for each again only after a while", async () => {
    const ready = async (bindings: Env) => app.fetch(new Request("http://soma.test/readyz"), bindings);
    expect(await (await ready(env)).json()).toEqual({
      status: "ready",
      parts: ["database", "storage", "objects", "policies", "secrets"],
    });
    const { SOMA_MASTER_KEY: _, ...keyless } = { SOMA_MASTER_KEY: "", ...env };
    const refused = await ready(keyless);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("Retry-After")).toBe("5");
    expect(await refused.json()).toMatchObject({
      type: "urn:soma:problem:unavailable",
      detail: "These parts do not answer: secrets.",
    });
  });
});

describe("what the platform writes into its log", () => {
  it("holds no credential, whatever is asked with one and however it ends", async () => {
    const lines: string[] = [];
    const spies = (["log", "info", "warn", "error", "debug"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...said: unknown[]) => void lines.push(said.map(String).join(" "))),
    );
    const tenant = await newTenant();
    const made = await (await tenant.post("/v1/api-keys", { name: "a", role: "admin" }, { "Idempotency-Key": "secret-name" })).json<{
      secret: string;
    }>();
    const { accessToken } = await (await tenant.post("/v1/auth/tokens", {})).json<{ accessToken: string }>();
    const wrong = `${made.secret.slice(0, -6)}WRONG1`;
    for (const operation of await publishedOperations()) {
      for (const credential of [made.secret, accessToken, wrong, `${accessToken}x`, OPERATOR_TOKEN]) {
        const path = operation.path.replace(/\{\w+\}/g, "x1");
        const body = operation.jsonBody === undefined ? {} : { body: JSON.stringify({ ...operation.jsonBody, note: credential }) };
        const answer = await caller(credential).fetch(`${path}?key=${credential}`, {
          method: operation.method,
          headers: { "Content-Type": "application/json" },
          ...body,
        });
        await answer.body?.cancel();
      }
    }
    for (const spy of spies) spy.mockRestore();
    expect(lines.length).toBeGreaterThan(100);
    const secrets = [tenant.key, made.secret, wrong].map((key) => key.slice(-43)).concat(accessToken.split(".").slice(1), OPERATOR_TOKEN);
    for (const secret of secrets) expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  });
});
