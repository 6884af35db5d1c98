import { z } from "zod";
import type { TestTenant } from "./tenant.ts";

const projectSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.string(),
  round: z.number(),
  attachments: z.array(z.object({ id: z.string(), name: z.string() })),
  tasks: z.array(
    z.object({
      step: z.string(),
      state: z.string(),
      attempt: z.number(),
      session: z.string().optional(),
      problem: z.object({ type: z.string(), detail: z.string() }).optional(),
    }),
  ),
  questions: z.array(z.object({ question: z.string(), choices: z.array(z.string()) })),
  review: z.object({ score: z.number(), notes: z.string() }).optional(),
  deliverables: z.array(z.object({ name: z.string(), sha256: z.string() })),
  problem: z.object({ type: z.string(), detail: z.string() }).optional(),
});
export type ProjectBody = z.infer<typeof projectSchema>;

const eventSchema = z.object({ seq: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) });
export type EventBody = z.infer<typeof eventSchema>;

const eventPageSchema = z.object({ items: z.array(eventSchema), nextCursor: z.string().optional() });

/** States in which a project goes on by itself. */
const WORKING = ["planning", "running", "reviewing"];

/** Uploads a file and returns the artifact's id. */
export async function upload(tenant: TestTenant, name: string, body: string, mediaType = "text/csv"): Promise<string> {
  const response = await tenant.fetch(`/v1/artifacts?name=${name}`, { method: "POST", headers: { "Content-Type": mediaType }, body });
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

/** Starts a project through the public door. */
export async function startProject(
  tenant: TestTenant,
  brief: string,
  attachments: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const response = await tenant.post("/v1/kamachiq/projects", { brief, attachments, ...options });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  return projectSchema.pick({ id: true }).parse(await response.json()).id;
}

export async function readProject(tenant: TestTenant, id: string): Promise<ProjectBody> {
  return projectSchema.parse(await (await tenant.fetch(`/v1/kamachiq/projects/${id}`)).json());
}

/** Looks at the project until it waits for a person or has ended. */
export async function settledProject(tenant: TestTenant, id: string): Promise<ProjectBody> {
  for (let i = 0; i < 1_600; i += 1) {
    const project = await readProject(tenant, id);
    if (!WORKING.includes(project.state)) return project;
    await scheduler.wait(25);
  }
  throw new Error("the project did not settle");
}

/** Asks something of a project, and gives the answer's status with what became of the project. */
export async function control(
  tenant: TestTenant,
  id: string,
  path: string,
  body: unknown = {},
): Promise<{ status: number; detail: string }> {
  const response = await tenant.post(`/v1/kamachiq/projects/${id}/${path}`, body);
  const { detail } = z.object({ detail: z.string().default("") }).parse(await response.json());
  return { status: response.status, detail };
}

/** Every event of a session or project, page by page. */
export async function allEvents(tenant: TestTenant, path: string): Promise<EventBody[]> {
  const events: EventBody[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const response = await tenant.fetch(`${path}/events?limit=500${query}`, { headers: { Accept: "application/json" } });
    const page = eventPageSchema.parse(await response.json());
    events.push(...page.items);
    cursor = page.items.length === 0 ? undefined : page.nextCursor;
  }
  return events;
}
