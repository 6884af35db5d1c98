import { expect, it } from "vitest";
import brief from "../../examples/penguins/brief.md";
import penguins from "../data/penguins.csv?raw";
import { newTenant, type TestTenant } from "./tenant.ts";

async function upload(tenant: TestTenant, name: string, body: string): Promise<string> {
  const response = await tenant.fetch(`/v1/artifacts?name=${name}`, { method: "POST", headers: { "Content-Type": "text/csv" }, body });
  return (await response.json<{ id: string }>()).id;
}

interface ProjectBody {
  id: string;
  state: string;
  tasks: { step: string; state: string; problem?: { detail: string } }[];
  questions: { question: string; choices: string[] }[];
  review?: { score: number; notes: string };
  deliverables: { name: string; sha256: string }[];
  problem?: { detail: string };
}

/** Follows the project's events until they end or it needs a person. */
async function settled(tenant: TestTenant, id: string): Promise<ProjectBody> {
  for (let i = 0; i < 1_600; i += 1) {
    const project = await (await tenant.fetch(`/v1/kamachiq/projects/${id}`)).json<ProjectBody>();
    if (!["planning", "running", "reviewing"].includes(project.state)) return project;
    await scheduler.wait(25);
  }
  throw new Error("the project did not settle");
}

it("takes the penguins from a brief to a delivered report", async () => {
  const tenant = await newTenant();
  const artifact = await upload(tenant, "penguins.csv", penguins);
  const created = await tenant.post("/v1/kamachiq/projects", { brief, attachments: [artifact] });
  expect(created.status, await created.clone().text()).toBe(201);
  const { id } = await created.json<{ id: string }>();
  const project = await settled(tenant, id);
  expect(project.problem).toBeUndefined();
  expect(project.questions).toEqual([]);
  expect(project.review).toMatchObject({ score: 1 });
  expect(project.state).toBe("delivered");
  const report = await (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/report.md`)).text();
  expect(report).toContain("5,076");
}, 60_000);

it("leaves every audited event of the project in the audit log, once", async () => {
  const tenant = await newTenant();
  const artifact = await upload(tenant, "penguins.csv", penguins);
  const { id } = await (
    await tenant.post("/v1/kamachiq/projects", { brief: "- Compare body mass by species.", attachments: [artifact] })
  ).json<{ id: string }>();
  await settled(tenant, id);
  const { items } = await (
    await tenant.fetch(`/v1/kamachiq/projects/${id}/events?limit=1000`, { headers: { Accept: "application/json" } })
  ).json<{ items: { seq: number }[] }>();
  const expected = items.map((event) => `${id}/${event.seq}`).sort();
  let logged: string[] = [];
  for (let i = 0; i < 200 && logged.length < expected.length; i += 1) {
    await scheduler.wait(50);
    const page = await (await tenant.fetch(`/v1/audit/events?object=${id}&limit=200`)).json<{ items: { id: string }[] }>();
    logged = page.items.map((event) => event.id).sort();
  }
  expect(logged).toEqual(expected);
}, 60_000);
