import { newTenant, type TestTenant } from "./tenant.ts";

/** A run as a test reads it. */
export interface ShownRun {
  readonly id: string;
  readonly state: string;
  readonly output?: unknown;
  readonly problem?: { readonly type: string; readonly detail: string };
  readonly steps: readonly { readonly step: string; readonly state: string; readonly attempt: number }[];
  readonly undone: readonly { readonly step: string; readonly state: string }[];
  readonly waits: readonly { readonly step: string; readonly on: string }[];
}

/** What people do with the runs of one tenant, through the public door. */
export async function newRuns(tenant?: TestTenant) {
  const owner = tenant ?? (await newTenant());
  const read = async (id: string) => (await owner.fetch(`/v1/mao/runs/${id}`)).json<ShownRun>();
  return {
    tenant: owner,
    read,
    /** Starts a run and waits for it, a while. */
    async start(graph: object, inputs: Record<string, unknown> = {}, waitSeconds = 20): Promise<ShownRun> {
      const response = await owner.post("/v1/mao/runs", { graph, inputs }, { Prefer: `wait=${waitSeconds}` });
      if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
      return response.json<ShownRun>();
    },
    /** Does something to a run; the answer's status and document. */
    async act(id: string, what: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
      const path = `/v1/mao/runs/${id}/${what}`;
      const response = body === undefined ? await owner.fetch(path, { method: "POST" }) : await owner.post(path, body);
      return { status: response.status, body: await response.json() };
    },
    async get(id: string, what: string): Promise<{ status: number; body: Record<string, unknown> }> {
      const response = await owner.fetch(`/v1/mao/runs/${id}/${what}`);
      return { status: response.status, body: await response.json() };
    },
    /** The names of the steps that have an event of this type, in its order. */
    async stepsOf(id: string, type: string): Promise<string[]> {
      const page = await (await owner.fetch(`/v1/mao/runs/${id}/events?limit=200`, { headers: { Accept: "application/json" } })).json<{
        items: { type: string; data: { step?: string } }[];
      }>();
      return page.items.filter((event) => event.type === type).map(({ data }) => data.step ?? "");
    },
  };
}

/** A step that returns `value`. */
export function setting(value: unknown, more: object = {}) {
  return { uses: "tool:value.set", with: { value }, ...more };
}
