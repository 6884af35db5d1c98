import { expect, it } from "vitest";
import { z } from "zod";
import { newTenant, type TestTenant } from "./tenant.ts";

const AGENTS = `cook:
  role: Cook of {kitchen}
  goal: Cook what the guests ask for
  backstory: You have cooked for thirty years.
taster:
  role: Taster
  goal: Judge what was cooked
  backstory: You taste everything.
`;

const runSchema = z.object({
  id: z.string(),
  state: z.string(),
  output: z.object({ result: z.string(), tasks: z.record(z.string(), z.string()) }).optional(),
  problem: z.object({ type: z.string(), detail: z.string() }).optional(),
  waits: z.array(z.object({ step: z.string(), on: z.string(), prompt: z.string().optional() })),
  steps: z.array(z.object({ step: z.string(), uses: z.string(), state: z.string() })),
});
type Run = z.infer<typeof runSchema>;

/** Imports a crew and runs it until it ends or waits. */
async function kickOff(tenant: TestTenant, tasks: string, crew = "crewai: 1\n"): Promise<Run> {
  const files = [
    { path: "agents.yaml", text: AGENTS },
    { path: "tasks.yaml", text: tasks },
    { path: "crew.yaml", text: crew },
  ];
  const imported = await tenant.post("/v1/templates/import", { files, name: "kitchen" });
  expect(imported.status, await imported.clone().text()).toBe(200);
  const body = { template: { name: "kitchen" }, inputs: { kitchen: "the Harbour Kitchen" } };
  const { id } = runSchema.parse(await (await tenant.post("/v1/mao/runs", body)).json());
  return rested(tenant, id, ({ state }) => state !== "running");
}

async function rested(tenant: TestTenant, id: string, isRested: (run: Run) => boolean): Promise<Run> {
  return until(async () => {
    const run = runSchema.parse(await (await tenant.fetch(`/v1/mao/runs/${id}`)).json());
    return isRested(run) ? run : undefined;
  });
}

/** Asks again until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await scheduler.wait(50);
  }
  throw new Error("it never came to rest");
}

const COOK = `cook_soup:
  description: Cook a soup with leeks for {kitchen}.
  expected_output: A soup
  agent: cook
`;

it("runs a crew's tasks in order with the embedded engine, each with what came before, and stores the file it names", async () => {
  const tenant = await newTenant();
  const tasks = `${COOK}taste_soup:\n  description: Say how the soup is.\n  expected_output: A sentence\n  agent: taster\n  output_file: out/verdict.md\n`;
  const run = await kickOff(tenant, tasks);
  expect(run).toMatchObject({ state: "completed", steps: [{ step: "cook_soup" }, { step: "taste_soup" }, { step: "taste_soup_file" }] });
  expect(run.output?.tasks.cook_soup).toContain("leeks for the Harbour Kitchen");
  expect(await (await tenant.fetch("/v1/artifacts")).json()).toMatchObject({ items: [{ name: "verdict.md" }] });
});

it("lets a person send an answer back until it is good", async () => {
  const tenant = await newTenant();
  const asked = await kickOff(tenant, `${COOK}  human_input: true\n`);
  expect(asked).toMatchObject({ state: "waiting", waits: [{ on: "human", prompt: expect.stringMatching(/done better[\s\S]*leeks/) }] });
  const answer = (step: string, text: string) => tenant.post(`/v1/mao/runs/${asked.id}/steps/${encodeURIComponent(step)}/answer`, { text });
  const [first] = asked.waits;
  expect((await answer(first?.step ?? "", "With more salt, please.")).status).toBe(200);
  const again = await rested(tenant, asked.id, ({ waits }) => waits.some(({ step, on }) => on === "human" && step !== first?.step));
  const [second] = again.waits;
  expect(second?.prompt).toContain("more salt");
  expect((await answer(second?.step ?? "", "")).status).toBe(200);
  expect(await rested(tenant, asked.id, ({ state }) => state === "completed")).toMatchObject({ output: { result: expect.any(String) } });
});

it("has a manager give out the work of a hierarchical crew", async () => {
  const tenant = await newTenant();
  const run = await kickOff(tenant, COOK, "crewai: 1\nprocess: hierarchical\n");
  expect(run).toMatchObject({ state: "completed", steps: [{ step: "cook_soup", uses: "team:hierarchical" }] });
  expect(run.output?.result.length).toBeGreaterThan(0);
});

it("asks for the inputs that the crew's texts have places for", async () => {
  const tenant = await newTenant();
  await kickOff(tenant, COOK);
  const refused = await tenant.post("/v1/mao/runs", { template: { name: "kitchen" } });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ errors: [{ pointer: "/kitchen", message: "is required" }] });
});
