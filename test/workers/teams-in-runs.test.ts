import { describe, expect, it } from "vitest";
import { assistant, condition, model, team } from "../unit/teams/autogen-components.ts";
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

describe("teams in a run", () => {
  const agents = {
    writer: { title: "Writer", description: "Writes stories.", tools: [] },
    critic: { title: "Critic", description: "Judges texts.", tools: [] },
    boss: { as: "human", title: "The boss" },
  };

  it("ask a person as one of them, show what waits, and go on with the answer", async () => {
    const tenant = await newTenant();
    const input = { agents: ["writer", "boss", "critic"], task: "Tell of owls.", until: { max_messages: 4 } };
    const graph = {
      agents,
      steps: { talk: { uses: "team:round-robin", with: input } },
      outputs: { said: "${steps.talk.output.messages}" },
    };
    const started = await (await tenant.post("/v1/mao/runs", { graph }, { prefer: "wait=2" })).json<{ id: string }>();
    expect(started).toMatchObject({ state: "waiting", waits: [{ step: "talk/t2/input", on: "human", title: "The boss" }] });
    const path = `/v1/mao/runs/${started.id}/steps/${encodeURIComponent("talk/t2/input")}/answer`;
    expect((await tenant.post(path, { text: "Make it short." })).status).toBe(200);
    await expect
      .poll(async () => (await tenant.fetch(`/v1/mao/runs/${started.id}`)).json(), { timeout: 10_000 })
      .toMatchObject({
        state: "completed",
        output: { said: [{ speaker: "writer" }, { speaker: "boss", text: "Make it short." }, { speaker: "critic" }] },
      });
  });

  it("are imported from AutoGen through the public door, and run to their end without a language model", async () => {
    const tenant = await newTenant();
    const value = team("SelectorGroupChat", [assistant("fact_finder"), assistant("critic_agent")], {
      model_client: model(),
      selector_prompt: "Of {roles} choose one from {participants}. {history}",
      termination_condition: condition("TextMentionTermination", { text: "TERMINATE" }),
    });
    const files = [{ path: "team.json", text: JSON.stringify({ ...value, label: "Facts" }) }];
    const imported = await (await tenant.post("/v1/templates/import", { files })).json<{
      framework: string;
      templates: { name: string }[];
    }>();
    expect(imported).toMatchObject({ framework: "autogen", templates: [{ name: "facts" }] });
    const order = { template: { name: "facts" }, inputs: { task: "Owls hunt at night. Say why." } };
    const run = await (await tenant.post("/v1/mao/runs", order, { prefer: "wait=20" })).json();
    expect(run).toMatchObject({
      state: "completed",
      output: { text: expect.stringContaining("Owls hunt at night."), stop_reason: expect.stringContaining("said TERMINATE") },
    });
  });
});
