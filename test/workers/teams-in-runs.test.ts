import { describe, expect, it } from "vitest";
import { ends, modelAnswers, says } from "./scripted-model.ts";
import { newTenant } from "./tenant.ts";

const output = (step: string) => `$\{steps.${step}.output.text}`;

describe("agents in a run", () => {
  it("carry a crew's tasks to the end one after the other, each with what came before, without a language model", async () => {
    const tenant = await newTenant();
    const graph = {
      inputs: { topic: { type: "string" } },
      agents: {
        researcher: { title: "Researcher", instructions: "You find things out.", tools: [] },
        writer: { title: "Writer", instructions: "You write things up.", tools: [] },
      },
      steps: {
        research: {
          uses: "agent:researcher",
          with: { goal: "List facts about ${inputs.topic}.", context: "Owls hunt at night. Owls hear well." },
        },
        write: {
          uses: "agent:writer",
          needs: ["research"],
          with: { goal: "Write about ${inputs.topic}.", expected_output: "A paragraph", context: [output("research")] },
        },
      },
      outputs: { text: output("write") },
    };
    const response = await tenant.post("/v1/mao/runs", { graph, inputs: { topic: "owls" } }, { prefer: "wait=20" });
    const run = await response.json<{ state: string; output: { text: string } }>();
    expect(run.state).toBe("completed");
    expect(run.output.text).toContain("- Owls hunt at night.");
    expect(run.output.text).toContain("Embedded engine:");
  });

  it("stream what they say in the run's own log", async () => {
    modelAnswers(async function* () {
      yield says("Owls are birds.");
      yield ends;
    });
    const tenant = await newTenant();
    const graph = { steps: { tell: { uses: "agent:analyst", with: { goal: "What are owls?" } } } };
    const run = await (await tenant.post("/v1/mao/runs", { graph }, { prefer: "wait=20" })).json<{ id: string }>();
    const { items } = await (await tenant.fetch(`/v1/mao/runs/${run.id}/events`, { headers: { accept: "application/json" } })).json<{
      items: { type: string; data: unknown }[];
    }>();
    expect(items.find((event) => event.type === "step.delta")?.data).toEqual({ step: "tell", text: "Owls are birds." });
  });
});
