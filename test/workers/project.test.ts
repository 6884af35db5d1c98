import { expect, it } from "vitest";
import brief from "../../examples/penguins/brief.md";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import penguins from "../data/penguins.csv?raw";
import { allEvents, settledProject, startProject, upload } from "./projects.ts";
import { newTenant } from "./tenant.ts";

it("takes the penguins from a brief to a delivered report", async () => {
  const tenant = await newTenant();
  const artifact = await upload(tenant, "penguins.csv", penguins);
  const id = await startProject(tenant, brief, [artifact]);
  const project = await settledProject(tenant, id);
  expect(project.problem).toBeUndefined();
  expect(project.questions).toEqual([]);
  expect(project.review).toMatchObject({ score: 1 });
  expect(project.state).toBe("delivered");
  const report = await (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/report.md`)).text();
  expect(report).toContain("5,076");
  const manifest = await (await tenant.fetch(`/v1/kamachiq/projects/${id}/deliverables/manifest.json`)).json();
  expect(manifest).toMatchObject({
    sources: [{ artifact, name: "penguins.csv", sha256: sha256Hex(penguins) }],
    steps: project.tasks.map(({ step }) => ({ step, madeFrom: ["penguins.csv"] })),
    deliverables: project.deliverables.map(({ name, sha256 }) => ({ name, sha256 })),
  });
}, 60_000);

it("leaves every audited event of the project in the audit log, once", async () => {
  const tenant = await newTenant();
  const artifact = await upload(tenant, "penguins.csv", penguins);
  const id = await startProject(tenant, "- Compare body mass by species.", [artifact]);
  await settledProject(tenant, id);
  const items = await allEvents(tenant, `/v1/kamachiq/projects/${id}`);
  const expected = items.map((event) => `${id}/${event.seq}`).sort();
  let logged: string[] = [];
  for (let i = 0; i < 200 && logged.length < expected.length; i += 1) {
    await scheduler.wait(50);
    const page = await (await tenant.fetch(`/v1/audit/events?object=${id}&limit=200`)).json<{ items: { id: string }[] }>();
    logged = page.items.map((event) => event.id).sort();
  }
  expect(logged).toEqual(expected);
}, 60_000);
