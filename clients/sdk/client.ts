import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import createClient from "openapi-fetch";
import { type FollowOptions, followEvents, type SomaEvent } from "./events.ts";
import { problemOf } from "./problem.ts";
import type { components, paths } from "./schema.d.ts";

export type Project = components["schemas"]["Project"];
export type Artifact = components["schemas"]["Artifact"];

/** Tries of a request that the server put off (429, 503) or that found nobody. */
const MAX_TRIES = 5;
const LONGEST_WAIT_MS = 30_000;

export interface ClientOptions {
  readonly url: string;
  readonly apiKey: string;
}

/** The platform as a program uses it: typed calls from the OpenAPI document, uploads, and events that survive a lost connection. */
export function somaClient({ url, apiKey }: ClientOptions) {
  const base = url.replace(/\/+$/, "");
  const headers = { Authorization: `Bearer ${apiKey}` };
  const api = createClient<paths>({ baseUrl: base, headers, fetch: patientFetch });
  return {
    api,
    /** Follows events of a session or project: `sessions/ses_…` or `kamachiq/projects/prj_…`. */
    events: (resource: string, options: Pick<FollowOptions, "after" | "signal" | "isLast">): AsyncGenerator<SomaEvent> =>
      followEvents({ url: `${base}/v1/${resource}/events`, headers, ...options }),
    /** Uploads a file as it is read from disk. */
    async upload(path: string): Promise<Artifact> {
      const { size } = await stat(path);
      const response = await fetch(`${base}/v1/artifacts?name=${encodeURIComponent(basename(path))}`, {
        method: "POST",
        headers: { ...headers, "Content-Type": mediaTypeOf(path), "Content-Length": String(size) },
        body: Readable.toWeb(createReadStream(path)),
        duplex: "half",
      });
      if (!response.ok) throw await problemOf(response);
      const artifact: Artifact = JSON.parse(await response.text());
      return artifact;
    },
    /** Downloads a deliverable of a project. */
    async deliverable(project: string, name: string): Promise<Uint8Array> {
      const response = await patientFetch(
        new Request(`${base}/v1/kamachiq/projects/${project}/deliverables/${encodeURIComponent(name)}`, { headers }),
      );
      if (!response.ok) throw await problemOf(response);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
export type SomaClient = ReturnType<typeof somaClient>;

/** The data of a call. @throws SomaProblem when the platform answered with a problem */
export async function must<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (error !== undefined || data === undefined)
    throw await problemOf(new Response(JSON.stringify(error ?? {}), { status: response.status }));
  return data;
}

/** Sends a request with a key that makes repeating it safe, and repeats it when the server asks for that. */
async function patientFetch(request: Request): Promise<Response> {
  if (request.method === "POST" && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", randomUUID());
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(request.clone());
    if ((response.status !== 429 && response.status !== 503) || attempt >= MAX_TRIES) return response;
    const asked = Number(response.headers.get("Retry-After") ?? 1) * 1_000;
    await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT_MS, asked)));
  }
}

function mediaTypeOf(path: string): string {
  const types: Record<string, string> = {
    csv: "text/csv",
    tsv: "text/tab-separated-values",
    json: "application/json",
    ndjson: "application/x-ndjson",
    md: "text/markdown",
    txt: "text/plain",
    html: "text/html",
  };
  return types[path.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
}
