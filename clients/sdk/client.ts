import createClient from "openapi-fetch";
import { type FollowOptions, followEvents, type SomaEvent } from "./events.ts";
import { type Send, sendPatiently } from "./patience.ts";
import { problemIn, problemOf } from "./problem.ts";
import type { components, paths } from "./schema.d.ts";

/** The API's documents by their names in the OpenAPI document: `Schemas["Project"]`. */
export type Schemas = components["schemas"];
export type Project = Schemas["Project"];
export type Run = Schemas["Run"];
export type ConstitutionVersion = Schemas["ConstitutionVersion"];
export type ConstitutionDiff = Schemas["ConstitutionDiff"];
export type PolicyVersion = Schemas["PolicyVersion"];
export type KillSwitch = Schemas["KillSwitch"];
export type Artifact = Schemas["Artifact"];

export interface ClientOptions {
  /** The platform's address, for example `https://soma.example.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** What reaches the platform in place of `fetch`: a service binding of a Worker, for example. */
  readonly send?: Send;
}

interface Interruptible {
  readonly signal?: AbortSignal | undefined;
}

/**
 * The platform as a program uses it: typed calls from the OpenAPI document, uploads and downloads, and events that survive a lost
 * connection. What the server puts off is sent again when it says; every POST carries an Idempotency-Key, so what is repeated is done
 * once. It needs `fetch` and the Web Streams, and runs in Node 20 and newer, browsers and Workers.
 */
export function somaClient({ url, apiKey, send = (request) => fetch(request) }: ClientOptions) {
  const base = url.replace(/\/+$/, "");
  const headers = { Authorization: `Bearer ${apiKey}` };
  return {
    /** Every operation of the OpenAPI document: `api.GET("/v1/sessions/{id}", { params: { path: { id } }, signal })`. */
    api: createClient<paths>({ baseUrl: base, headers, fetch: (request) => sendPatiently(send, () => repeatable(request)) }),
    /** Follows the events of a session (`ses_…`), a project (`prj_…`) or a run (`run_…`). */
    events: (id: string, options: FollowOptions = {}): AsyncGenerator<SomaEvent> =>
      followEvents({ url: `${base}/v1/${resourceOf(id)}/${encodeURIComponent(id)}/events`, headers, send }, options),
    /** Stores a file. A Blob may be as large as an artifact may be: it is read as it is sent. */
    async upload(name: string, content: Blob | string, options: Interruptible & { mediaType?: string } = {}): Promise<Artifact> {
      const key = crypto.randomUUID();
      const mediaType = options.mediaType ?? mediaTypeOf(name);
      const make = () =>
        new Request(`${base}/v1/artifacts?name=${encodeURIComponent(name)}`, {
          method: "POST",
          headers: { ...headers, "Content-Type": mediaType, "Idempotency-Key": key },
          body: content,
          ...signalOf(options),
        });
      const response = await sendPatiently(send, make);
      if (!response.ok) throw await problemOf(response);
      const artifact: Artifact = JSON.parse(await response.text());
      return artifact;
    },
    /** The content of a stored file, as it comes. */
    content: (artifact: string, options: Interruptible = {}): Promise<ReadableStream<Uint8Array>> =>
      download(`${base}/v1/artifacts/${encodeURIComponent(artifact)}/content`, options),
    /** The content of a project's deliverable, as it comes. */
    deliverable: (project: string, name: string, options: Interruptible = {}): Promise<ReadableStream<Uint8Array>> =>
      download(`${base}/v1/kamachiq/projects/${encodeURIComponent(project)}/deliverables/${encodeURIComponent(name)}`, options),
  };

  async function download(address: string, options: Interruptible): Promise<ReadableStream<Uint8Array>> {
    const response = await sendPatiently(send, () => new Request(address, { headers, ...signalOf(options) }));
    if (!response.ok || response.body === null) throw await problemOf(response);
    return response.body;
  }
}
export type SomaClient = ReturnType<typeof somaClient>;

/** The data of a call. @throws SomaProblem when the platform answered with a problem */
export async function must<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (data === undefined) throw problemIn(error, response.status);
  return data;
}

/** Waits for a call that answers without data. @throws SomaProblem when the platform answered with a problem */
export async function done(call: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await call;
  if (!response.ok) throw problemIn(error, response.status);
}

/** A copy to send, with the key that makes sending it again safe. */
function repeatable(request: Request): Request {
  if (request.method === "POST" && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", crypto.randomUUID());
  return request.clone();
}

function resourceOf(id: string): string {
  if (id.startsWith("prj_")) return "kamachiq/projects";
  return id.startsWith("run_") ? "mao/runs" : "sessions";
}

function signalOf({ signal }: Interruptible): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function mediaTypeOf(name: string): string {
  const types: Record<string, string> = {
    csv: "text/csv",
    tsv: "text/tab-separated-values",
    json: "application/json",
    geojson: "application/geo+json",
    ndjson: "application/x-ndjson",
    jsonl: "application/x-ndjson",
    md: "text/markdown",
    txt: "text/plain",
    html: "text/html",
  };
  return types[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
}
