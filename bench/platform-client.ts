import { z } from "zod";

const createdSchema = z.object({ tenant: z.object({ id: z.string() }), apiKey: z.object({ secret: z.string() }) });

/** Asks the platform for something. @returns the answer's JSON @throws Error with the platform's own words when it refuses */
export async function ask(
  url: string,
  key: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}

/** Makes a tenant by the operator's word. @returns its administrator key */
export async function makeTenant(url: string, operatorToken: string): Promise<string> {
  return createdSchema.parse(await ask(url, operatorToken, "POST", "/v1/tenants", { name: "Bench" })).apiKey.secret;
}

/** Starts a session. @returns its id */
export async function makeSession(url: string, key: string): Promise<string> {
  return z.object({ id: z.string() }).parse(await ask(url, key, "POST", "/v1/sessions", {})).id;
}

/** Sends a message and reads the stream of its turn to the end. @throws Error when the turn does not complete */
export async function takeTurn(url: string, key: string, session: string): Promise<void> {
  const response = await fetch(`${url}/v1/sessions/${session}/messages`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, Accept: "text/event-stream", "Content-Type": "application/json" },
    body: JSON.stringify({ text: "What do you know?" }),
  });
  const text = await response.text();
  if (!text.includes("event: turn.completed")) throw new Error(`The turn did not complete: ${text.slice(-500)}`);
}

/** Exchanges a key for a short-lived token. */
export async function makeToken(url: string, key: string): Promise<string> {
  return z.object({ accessToken: z.string() }).parse(await ask(url, key, "POST", "/v1/auth/tokens", {})).accessToken;
}

/** Uploads a file. @returns the artifact's id */
export async function attach(url: string, key: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const response = await fetch(`${url}/v1/artifacts?name=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "text/csv" },
    body: bytes,
  });
  if (!response.ok) throw new Error(`The upload failed: ${await response.text()}`);
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

/** Runs a project to its end and reads its events as they come. @throws Error when it is not delivered */
export async function finishProject(url: string, key: string, brief: string, attachments: readonly string[]): Promise<void> {
  const { id } = z.object({ id: z.string() }).parse(await ask(url, key, "POST", "/v1/kamachiq/projects", { brief, attachments }));
  const events = await fetch(`${url}/v1/kamachiq/projects/${id}/events`, {
    headers: { Authorization: `Bearer ${key}`, Accept: "text/event-stream" },
  });
  await events.text();
  const { state } = z.object({ state: z.string() }).parse(await ask(url, key, "GET", `/v1/kamachiq/projects/${id}`));
  if (state !== "delivered") throw new Error(`The project is ${state}, not delivered.`);
}
