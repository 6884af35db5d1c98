import { env, runInDurableObject } from "cloudflare:test";
import { expect, it, vi } from "vitest";
import { z } from "zod";
import { ROLES } from "../../workers/platform/capabilities.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { findTool } from "../../workers/tools/registry.ts";
import { allEvents } from "./projects.ts";
import { ends, modelAnswers, until } from "./scripted-model.ts";
import { caller, newTenant } from "./tenant.ts";

const CANARY = "canary-7f3a9c51";

/** Everything that is in D1 and R2, as text. */
async function storedText(): Promise<string> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  ).all<{ name: string }>();
  const tables = await Promise.all(
    results.map(async ({ name }) => JSON.stringify((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results)),
  );
  const { objects } = await env.ARTIFACTS.list();
  const files = await Promise.all(objects.map(async ({ key }) => `${key} ${await (await env.ARTIFACTS.get(key))?.text()}`));
  return [...tables, ...files].join("\n");
}

it("no secret is in any log, event, audit, prompt, error, list, table or file, wherever it came in", async () => {
  const logged: string[] = [];
  for (const method of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void logged.push(words.map(String).join(" ")));
  const prompts: string[] = [];
  modelAnswers(async function* (request, round) {
    prompts.push(JSON.stringify({ system: request.system, messages: request.messages }));
    if (round === 0)
      yield { kind: "call", call: { id: "call_1", name: "http_fetch", input: { url: "https://api.example.com/me", secret: "token" } } };
    else yield { kind: "text", text: "Done." };
    yield ends;
  });
  // The other side says the secret back, which no answer may repeat.
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
    const sent = new Headers(init?.headers).get("authorization") ?? "";
    return new Response(`You sent ${sent}`, { headers: { "Content-Type": "text/plain", "X-Echo": "none" } });
  });
  const answers: string[] = [];
  const tenant = await newTenant();
  const secrets = new Set([tenant.key, `${CANARY}-value`]);
  const send = async (path: string, method: string, body: string, headers: Record<string, string> = {}) => {
    const response = await tenant.fetch(path, { method, body, headers: { "Content-Type": "application/json", ...headers } });
    return { status: response.status, text: await response.text() };
  };

  // Where secrets come in: as a secret, in a body that is refused, in one that is no JSON, in a name, in a credential that is wrong.
  answers.push((await send("/v1/secrets/token", "PUT", JSON.stringify({ value: `${CANARY}-value`, hosts: ["api.example.com"] }))).text);
  answers.push((await send("/v1/secrets/token", "PUT", JSON.stringify({ value: `${CANARY}-refused`, hosts: ["NOT A HOST"] }))).text);
  answers.push((await send("/v1/secrets/token", "PUT", JSON.stringify({ value: [`${CANARY}-refused`] }))).text);
  answers.push((await send("/v1/secrets/token", "PUT", `{"value":"${CANARY}-broken`)).text);
  answers.push((await send("/v1/secrets/token", "PUT", JSON.stringify({ value: CANARY.repeat(2_000) }))).text);
  answers.push(await (await caller(`${CANARY}-credential`).fetch("/v1/secrets")).text());
  answers.push(await (await caller(tenant.key.slice(0, -6) + CANARY.slice(0, 6)).fetch("/v1/secrets")).text());

  // A key that is made under an Idempotency-Key is answered with twice, and kept sealed.
  const made = [1, 2].map(() =>
    send("/v1/api-keys", "POST", JSON.stringify({ name: "ci", role: "member" }), { "Idempotency-Key": "once" }),
  );
  const [first] = await Promise.all(made);
  const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(first?.text ?? ""));
  secrets.add(secret);
  // The record of that key, by the name that the gateway gives it.
  const { items } = z
    .object({
      items: z.array(z.object({ time: z.string(), data: z.object({ action: z.string().optional(), by: z.string().optional() }) })),
    })
    .parse(await (await tenant.fetch("/v1/audit/events?limit=200")).json());
  const subject = items.find(({ data }) => data.action === "api-key.created")?.data.by ?? "";
  const record = env.IDEMPOTENCY_RECORD.getByName(`${tenant.id}/${sha256Hex(`${subject}\n/v1/api-keys\nonce`)}`);
  const kept = await runInDurableObject(record, (_, { storage }) => JSON.stringify(storage.kv.get("record")));
  expect(kept).toContain("201");
  answers.push(kept);
  const token = await (await tenant.post("/v1/auth/tokens", {})).json<{ token?: string; access_token?: string }>();
  for (const value of [token.token, token.access_token]) if (value !== undefined) secrets.add(value);

  // An agent uses the secret.
  const { id } = z.object({ id: z.string() }).parse(await (await tenant.post("/v1/sessions", {})).json());
  await tenant.post(`/v1/sessions/${id}/messages`, { text: "Who am I there?" });
  await until(
    async () => (await allEvents(tenant, `/v1/sessions/${id}`)).some(({ type }) => type.startsWith("turn.c") || type === "turn.failed"),
    "the turn ends",
  );
  const principal = principalSchema.parse({
    tenant: tenant.id,
    subject: "usr_1",
    kind: "user",
    roles: ["member"],
    capabilities: [...ROLES.member],
    credential: "key_1",
  });
  const context = {
    env,
    clock: { now: () => Date.now() },
    scope: { principal, workspace: id },
    idempotencyKey: "k",
    signal: new AbortController().signal,
  };
  const fetched = JSON.stringify(await findTool("http.fetch").run({ url: "https://api.example.com/me", secret: "token" }, context));
  expect(fetched).toContain("You sent Bearer [secret token]");
  const refused = await findTool("http.fetch").run({ url: "https://evil.example/", secret: "token" }, context).catch(String);
  expect(refused).toContain("may not be sent to evil.example");
  answers.push(
    fetched,
    String(refused),
    String(await findTool("http.fetch").run({ url: "http://api.example.com/", secret: "token" }, context).catch(String)),
  );

  const seen: Record<string, string> = {
    answers: answers.join("\n"),
    logs: logged.join("\n"),
    prompts: prompts.join("\n"),
    stored: await storedText(),
    events: JSON.stringify(await allEvents(tenant, `/v1/sessions/${id}`)),
  };
  for (const path of ["/v1/secrets", "/v1/secrets/token", "/v1/api-keys", "/v1/audit/events?limit=200", "/openapi.json"])
    seen[path] = await (await tenant.fetch(path)).text();
  expect(logged.length).toBeGreaterThan(0);
  expect(prompts.length).toBe(2);
  for (const [where, text] of Object.entries(seen)) {
    for (const value of secrets) expect(text.includes(value), `a secret is in ${where}`).toBe(false);
    for (const part of ["value", "refused", "broken", "credential"])
      expect(text.includes(`${CANARY}-${part}`), `the canary is in ${where}`).toBe(false);
  }
});
