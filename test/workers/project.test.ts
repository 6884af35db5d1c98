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
  for (let i = 0; i < 400; i += 1) {
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
}, 30_000);
