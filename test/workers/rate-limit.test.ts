import { env } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { SUBJECT_REQUESTS, TENANT_REQUESTS, WINDOW_SECONDS } from "../../workers/gateway/rate-limit.ts";
import { caller, newTenant } from "./tenant.ts";

/** The clock stands at the middle of a window, so that no test runs over its end. */
const NOW = Date.parse("2026-11-21T12:00:30Z");
const WINDOW = Math.floor(NOW / (WINDOW_SECONDS * 1_000));
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});
afterAll(() => {
  vi.useRealTimers();
});

/** Takes all but `left` of a tenant's requests of this window, as the keys of others in other isolates would. */
async function useUp(tenant: string, left: number): Promise<void> {
  const ledger = env.TENANT_LEDGER.getByName(tenant);
  for (let rest = TENANT_REQUESTS - left, i = 0; rest > 0; i += 1) {
    const wanted = { window: WINDOW, subject: `other-${i % 3}`, want: rest, tenantLimit: TENANT_REQUESTS, subjectLimit: SUBJECT_REQUESTS };
    rest -= (await ledger.leaseRequests(wanted)).granted;
  }
}

const remaining = (answer: Response, policy: string) =>
  Number(new RegExp(`"${policy}";r=(\\d+);t=\\d+`).exec(answer.headers.get("RateLimit") ?? "")?.[1]);

describe("the rate of a tenant and of its keys", () => {
  it("is told with every answer, also a refusal, and counts down", async () => {
    const tenant = await newTenant();
    const counts: number[][] = [];
    for (const path of ["/v1/tools", "/v1/tools", "/v1/artifacts/none"]) {
      const answer = await tenant.fetch(path);
      expect(answer.headers.get("RateLimit-Policy")).toBe('"tenant";q=60000;w=60, "key";q=30000;w=60');
      expect(answer.headers.get("RateLimit")).toMatch(/^"tenant";r=\d+;t=30, "key";r=\d+;t=30$/);
      counts.push([remaining(answer, "tenant"), remaining(answer, "key")]);
    }
    expect(counts).toEqual([1, 2, 3].map((made) => [TENANT_REQUESTS - made, SUBJECT_REQUESTS - made]));
  });

  it("that is used up is a 429 that says when to come again, and another tenant feels nothing of it", async () => {
    const tenant = await newTenant();
    const other = await newTenant();
    await useUp(tenant.id, 2);
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await tenant.fetch("/v1/tools")).status);
    expect(statuses).toEqual([200, 200, 429]);
    const refused = await tenant.fetch("/v1/tools");
    expect(refused.headers.get("Retry-After")).toBe("30");
    expect(remaining(refused, "tenant")).toBe(0);
    expect(await refused.json()).toMatchObject({
      type: "urn:soma:problem:too-many-requests",
      status: 429,
      detail: expect.stringMatching(/^The tenant .* 30 seconds\.$/),
    });
    expect((await other.fetch("/v1/tools")).status).toBe(200);
    vi.setSystemTime(NOW + 30_000);
    expect((await tenant.fetch("/v1/tools")).status).toBe(200);
    vi.setSystemTime(NOW);
  });

  it("leaves the other keys their part when one key has used up its own, and its tokens count as it", async () => {
    const tenant = await newTenant();
    const made = await tenant.post("/v1/api-keys", { name: "busy", role: "member" });
    const busy = caller((await made.json<{ secret: string }>()).secret);
    const { accessToken } = await (await busy.post("/v1/auth/tokens", {})).json<{ accessToken: string }>();
    const subject = String(JSON.parse(atob((accessToken.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))).sub);
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    for (let left = 1; left > 0; ) {
      const wanted = { window: WINDOW, subject, want: 60_000, tenantLimit: TENANT_REQUESTS, subjectLimit: SUBJECT_REQUESTS };
      left = (await ledger.leaseRequests(wanted)).subjectRemaining;
    }
    const token = caller(accessToken);
    const statuses: number[] = [];
    // What this isolate had leased before is used up first.
    for (let i = 0; i < 40; i += 1) statuses.push((await token.fetch("/v1/tools")).status);
    expect(statuses.at(-1)).toBe(429);
    const refused = await busy.fetch("/v1/tools");
    expect(await refused.json()).toMatchObject({ detail: expect.stringMatching(/^The key /) });
    expect((await tenant.fetch("/v1/tools")).status).toBe(200);
  });

  it("is not hoarded when a hundred requests come at once", async () => {
    const tenant = await newTenant();
    const answers = await Promise.all(Array.from({ length: 100 }, () => tenant.fetch("/v1/tools")));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    await tenant.fetch("/v1/tools");
    const nothing = { window: WINDOW, subject: "other", want: 0, tenantLimit: TENANT_REQUESTS, subjectLimit: SUBJECT_REQUESTS };
    const { tenantRemaining } = await env.TENANT_LEDGER.getByName(tenant.id).leaseRequests(nothing);
    expect(TENANT_REQUESTS - tenantRemaining).toBeLessThanOrEqual(256);
  });
});
