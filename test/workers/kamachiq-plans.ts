import type { z } from "zod";
import penguins from "../data/penguins.csv?raw";
import { startProject, upload } from "./projects.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

interface TaskOptions {
  readonly needs?: readonly string[];
  readonly accept?: readonly string[];
  readonly capsule?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** A task that compares body mass above so many grams by species. */
export function massTask(above: number, { needs = [], accept = [], capsule = "compare-groups@^1", inputs = {} }: TaskOptions = {}) {
  const filters = [{ column: "body_mass_g", op: "gt", value: above }];
  return {
    uses: "agent:analyst",
    needs,
    accept,
    with: {
      goal: `Body mass above ${above} by species`,
      capsule,
      inputs: { table: "penguins", measure: "body_mass_g", statistic: "mean", groups: ["species"], filters, ...inputs },
    },
  };
}

/** A tenant with a project over the penguins, begun with a plan. */
export async function withPlan(
  steps: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>> = {},
  graph: Readonly<Record<string, unknown>> = {},
): Promise<{ tenant: TestTenant; id: string }> {
  const tenant = await newTenant();
  const { milestones, ...rest } = options;
  const plan = { title: "Penguins", graph: { steps, ...graph }, ...(milestones === undefined ? {} : { milestones }) };
  const id = await startProject(tenant, "", [await upload(tenant, "penguins.csv", penguins)], { plan, ...rest });
  return { tenant, id };
}

/** A tenant with a project over the penguins, begun with a brief. */
export async function withBrief(
  brief: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<{ tenant: TestTenant; id: string }> {
  const tenant = await newTenant();
  return { tenant, id: await startProject(tenant, brief, [await upload(tenant, "penguins.csv", penguins)], options) };
}

/** Publishes a version of a capsule, and gives the answer's status. */
export async function publish(tenant: TestTenant, name: string, manifest: Readonly<Record<string, unknown>>): Promise<number> {
  const whole = { version: "1.0.0", title: name, description: `The capsule ${name} of the tests`, ...manifest };
  return (await tenant.post(`/v1/capsules/${name}/versions`, whole)).status;
}

/** The JSON at an address, read with a schema. */
export async function readJson<T extends z.ZodType>(tenant: TestTenant, path: string, schema: T): Promise<z.output<T>> {
  const response = await tenant.fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return schema.parse(await response.json());
}
