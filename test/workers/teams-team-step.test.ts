import { describe, expect, it, onTestFinished } from "vitest";
import { runTeamStep } from "../../durable-objects/team/team-step.ts";
import type { ModelPart, ModelRequest } from "../../workers/models/client.ts";
import { embedded } from "../../workers/models/embedded.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { alterMethod } from "./altered-method.ts";
import { ends, modelAnswers, says } from "./scripted-model.ts";
import { inRun, stepCall, type TestRun } from "./teams-run.ts";

const TEAM = {
  researcher: { title: "Researcher", description: "Finds facts about birds.", instructions: "I am the researcher.", tools: [] },
  writer: { title: "Writer", description: "Writes stories.", instructions: "I am the writer.", tools: [] },
  critic: { title: "Critic", description: "Judges texts.", instructions: "I am the critic.", tools: [] },
};
const ALL = ["researcher", "writer", "critic"];

/** Has a language model of another name than the embedded engine answer, so that no rule stands in for it. */
function realModel(script: (who: string, request: ModelRequest, asked: number) => string | ModelPart[]) {
  Object.defineProperty(embedded, "engine", { configurable: true, value: "scripted" });
  onTestFinished(() => void Object.defineProperty(embedded, "engine", { configurable: true, value: "embedded" }));
  const model = modelAnswers(async function* (request, _round, before) {
    const who = /I am the (\w+)|You are (Manager|the one who leads)/.exec(request.system);
    const answer = script(who?.[1] ?? who?.[2] ?? "nobody", request, before);
    if (typeof answer === "string") yield says(answer);
    else for (const part of answer) yield part;
    yield ends;
  });
  alterMethod(embedded, "ceilingMicros", () => 0);
  return model;
}

const spokenIn = (events: readonly LoggedEvent[]) => events.flatMap((event) => (event.type === "team.message" ? [event.data.speaker] : []));
const calls = (name: string, input: Record<string, string>): ModelPart[] => [{ kind: "call", call: { id: "c1", name, input } }];
const lastText = (request: ModelRequest) => {
  const last = request.messages.at(-1);
  return last?.role === "user" ? last.text : "";
};

async function talk(run: TestRun, pattern: string, input: Record<string, never> | Record<string, unknown>) {
  const incarnation = run.open();
  const given = Object.fromEntries(Object.entries({ agents: ALL, task: "Tell of owls.", ...input }));
  await runTeamStep(incarnation.host, stepCall("team", { uses: `team:${pattern}` }, JSON.parse(JSON.stringify(given))));
  return { ...incarnation, output: await incarnation.outcome("team"), spoken: spokenIn(incarnation.events()) };
}

describe("a team that speaks in turn", () => {
  it("ends when somebody says the word, and shows each participant the others under their names and itself as itself", async () => {
    await inRun(TEAM, async (run) => {
      const seen: string[] = [];
      realModel((who, request) => {
        seen.push(`${who}: ${request.messages.map((message) => message.role).join(" ")}`);
        return who === "critic" ? "Good. TERMINATE" : `${who} speaks`;
      });
      const { output, spoken } = await talk(run, "round-robin", { until: { any: [{ text: "TERMINATE" }, { max_messages: 10 }] } });
      expect(spoken).toEqual(ALL);
      expect(output).toMatchObject({
        text: "Good. TERMINATE",
        stop_reason: "critic said TERMINATE",
        usage: { inputTokens: 3, outputTokens: 3 },
      });
      expect(seen).toEqual(["researcher: user", "writer: user", "critic: user"]);
    });
  });

  it("goes on after an interruption in the middle, and takes no turn twice", async () => {
    await inRun(TEAM, async (run) => {
      const model = realModel((who, _request, asked) => {
        if (asked === 3) throw new Error("Durable Object reset because its code was updated.");
        return `${who} ${asked}`;
      });
      await expect(talk(run, "round-robin", { until: { max_messages: 7 } })).rejects.toThrow("reset");
      const { spoken, output } = await talk(run, "round-robin", { until: { max_messages: 7 } });
      expect(spoken).toEqual([...ALL, ...ALL]);
      expect(model.asked).toBe(7);
      expect(output).toMatchObject({ stop_reason: "7 messages were said" });
    });
  });

  it("stops at the turns it may have when nothing else ends it", async () => {
    await inRun(TEAM, async (run) => {
      realModel((who) => who);
      const { spoken, output } = await talk(run, "round-robin", { max_turns: 4 });
      expect(spoken).toHaveLength(4);
      expect(output).toMatchObject({ stop_reason: expect.stringContaining("4 turns") });
    });
  });

  it("comes to an honest end without a language model", async () => {
    await inRun(TEAM, async (run) => {
      const { spoken, output } = await talk(run, "round-robin", { context: "Owls hunt at night." });
      expect(spoken).toEqual([...ALL, ...ALL]);
      expect(output).toMatchObject({ stop_reason: "nobody has anything to add", text: expect.stringContaining("Owls hunt at night.") });
    });
    await inRun(TEAM, async (run) => {
      const { spoken, output } = await talk(run, "round-robin", { until: { text: "TERMINATE" } });
      expect(spoken).toEqual([...ALL, "researcher"]);
      expect(output).toMatchObject({ stop_reason: "researcher said TERMINATE" });
    });
  });
});

describe("a team whose next speaker is chosen", () => {
  it("asks the model, tells it what was wrong with its choice, and takes the next in order when it never chooses", async () => {
    await inRun(TEAM, async (run) => {
      const asked: string[] = [];
      realModel((who, request, before) => {
        if (who !== "the one who leads") return `${who} speaks`;
        asked.push(lastText(request));
        return before === 0 ? "Critic or Writer" : before === 1 ? "The **Writer**, please." : "I do not know";
      });
      const { spoken, output } = await talk(run, "selector", {
        max_turns: 2,
        selector_prompt: "{roles}\nOne of {participants}:\n{history}",
      });
      expect(spoken).toEqual(["writer", "critic"]);
      expect(asked[0]).toContain(
        'Writer: Writes stories.\nCritic: Judges texts.\nOne of ["Researcher","Writer","Critic"]:\nTask: Tell of owls.',
      );
      expect(asked[1]).toContain("More than one participant was named");
      expect(asked).toHaveLength(5);
      expect(output).toMatchObject({ usage: { inputTokens: 7 } });
    });
  });

  it("does not let one speak twice in a row unless it may", async () => {
    for (const allow_repeated_speaker of [false, true]) {
      await inRun(TEAM, async (run) => {
        realModel((who) => (who === "the one who leads" ? "Writer" : who));
        const { spoken } = await talk(run, "selector", { max_turns: 2, max_selector_attempts: 1, allow_repeated_speaker });
        expect(spoken).toEqual(["writer", allow_repeated_speaker ? "writer" : "critic"]);
      });
    }
  });

  it("asks no person without a language model while others may speak", async () => {
    await inRun({ ...TEAM, boss: { as: "human", description: "Tells of owls." } }, async (run) => {
      const { spoken, output } = await talk(run, "selector", { agents: ["boss", "writer", "critic"], until: { text: "TERMINATE" } });
      expect(spoken).toEqual(["writer", "critic", "writer"]);
      expect(output).toMatchObject({ stop_reason: "writer said TERMINATE" });
    });
  });

  it("follows the descriptions without a language model: who fits the last message first, then whoever has not spoken", async () => {
    await inRun(TEAM, async (run) => {
      const { spoken } = await talk(run, "selector", { task: "Write stories of owls.", max_turns: 3 });
      expect(spoken[0]).toBe("writer");
      expect([...spoken].sort()).toEqual([...ALL].sort());
    });
  });
});

describe("a team that hands the word over", () => {
  const SWARM = {
    travel: { instructions: "I am the travel.", handoffs: ["refunds", "user"], tools: [] },
    refunds: { instructions: "I am the refunds.", handoffs: ["travel"], tools: [] },
  };

  it("gives it to whom the speaker calls, and ends when it goes to the one it waits for", async () => {
    await inRun(SWARM, async (run) => {
      realModel((who, _request, asked) => {
        if (who === "refunds") return calls("transfer_to_travel", { message: "Refunded." });
        return asked === 0 ? calls("transfer_to_refunds", { message: "Please refund." }) : calls("transfer_to_user", {});
      });
      const { spoken, output } = await talk(run, "swarm", { agents: ["travel", "refunds"], until: { handoff: "user" } });
      expect(spoken).toEqual(["travel", "refunds", "travel"]);
      expect(output).toMatchObject({
        stop_reason: "travel handed over to user",
        messages: [{ text: "To refunds: Please refund." }, { text: "To travel: Refunded." }, {}],
      });
    });
  });

  it("hands over to each colleague once without a language model", async () => {
    await inRun(SWARM, async (run) => {
      const { spoken, output } = await talk(run, "swarm", { agents: ["travel", "refunds"], max_turns: 10 });
      expect(spoken.slice(0, 2)).toEqual(["travel", "refunds"]);
      expect(output).toMatchObject({ stop_reason: "nobody has anything to add" });
    });
  });
});

describe("a team with a manager", () => {
  it("has the manager give out work and answer with what came back", async () => {
    await inRun(TEAM, async (run) => {
      realModel((who, request, asked) => {
        if (who !== "Manager") return `${who} was asked: ${lastText(request).split("\n").at(-1)}`;
        return asked === 0 ? calls("delegate_to_writer", { message: "Write it." }) : "The story is written.";
      });
      const { spoken, output } = await talk(run, "hierarchical", {});
      expect(spoken).toEqual(["manager", "writer", "manager"]);
      expect(output).toMatchObject({ text: "The story is written.", messages: [{}, { text: "writer was asked: Write it." }, {}] });
    });
  });

  it("gives the work to the one whose description fits, without a language model", async () => {
    await inRun(TEAM, async (run) => {
      const { spoken, output } = await talk(run, "hierarchical", { task: "Find facts about birds.", context: "Owls are birds." });
      expect(spoken).toEqual(["manager", "researcher", "manager"]);
      expect(output).toMatchObject({ stop_reason: "the manager has answered", text: expect.stringContaining("Owls are birds.") });
    });
  });
});

describe("a magentic team", () => {
  const judge = (over: Record<string, unknown>) =>
    JSON.stringify({ satisfied: false, in_loop: false, progress: true, next_speaker: "Writer", instruction: "Write.", ...over });

  it("plans, judges before every turn, and gives the final answer", async () => {
    await inRun(TEAM, async (run) => {
      realModel((who, request, asked) => {
        if (who !== "the one who leads") return `${who} did: ${lastText(request).split("\n").at(-1)}`;
        if (asked === 0) return "Facts: owls exist.";
        if (asked === 1) return "Plan: Writer writes.";
        if (request.assignment?.schema === undefined) return "Owls, told.";
        return judge({ satisfied: asked > 3 });
      });
      const { spoken, output, journal } = await talk(run, "magentic", {});
      expect(spoken).toEqual(["writer"]);
      expect(output).toMatchObject({
        text: "Owls, told.",
        messages: [{ text: "writer did: Write." }],
        stop_reason: "the request is answered",
      });
      expect(journal.record("team/plan1/m1")?.state).toBe("done");
    });
  });

  it("plans anew when it does not get on, a bounded number of times", async () => {
    await inRun(TEAM, async (run) => {
      realModel((who, request) =>
        who === "the one who leads" && request.assignment?.schema !== undefined ? judge({ progress: false }) : who,
      );
      const { output, journal, spoken } = await talk(run, "magentic", { max_stalls: 2 });
      expect(output).toMatchObject({ stop_reason: "no progress after 4 plans" });
      expect(journal.record("team/plan4/m1")?.state).toBe("done");
      expect(journal.record("team/plan5/m1")).toBeUndefined();
      expect(spoken.length).toBeLessThan(10);
    });
  });

  it("hears everyone once and puts it together without a language model", async () => {
    await inRun(TEAM, async (run) => {
      const { spoken, output } = await talk(run, "magentic", { context: "Owls hunt at night." });
      expect([...spoken].sort()).toEqual([...ALL].sort());
      expect(output).toMatchObject({ text: expect.stringContaining("Owls hunt at night.") });
    });
  });
});

describe("a team that is a graph", () => {
  const nodes = {
    researcher: { agent: "researcher", edges: [{ to: "writer" }] },
    writer: { agent: "writer", edges: [{ to: "critic" }] },
    critic: {
      agent: "critic",
      edges: [
        { to: "writer", when: 'text.contains("again")', group: "back" },
        { to: "keep", when: 'text.contains("APPROVE")' },
      ],
    },
    keep: { uses: "tool:value.set", with: { value: "kept" } },
  };

  it("goes along its edges, round a circle until a condition leads out of it, and through steps of other kinds", async () => {
    await inRun(TEAM, async (run) => {
      realModel((who, _request, asked) => (who === "critic" ? (asked < 4 ? "once again" : "APPROVE") : who));
      const { spoken, output } = await talk(run, "graph", { nodes });
      expect(spoken).toEqual(["researcher", "writer", "critic", "writer", "critic", "keep"]);
      expect(output).toMatchObject({ stop_reason: "the graph has come to its end" });
    });
  });

  it("is refused when an edge leads nowhere", async () => {
    await inRun(TEAM, async (run) => {
      const { journal } = await talk(run, "graph", { nodes: { a: { agent: "writer", edges: [{ to: "b" }] } } });
      expect(journal.record("team")).toMatchObject({ state: "failed", problem: { type: "invalid-graph" } });
    });
  });
});

describe("a participant", () => {
  it("who is a person is asked and waited for; the answer is one message, also after an interruption", async () => {
    await inRun({ ...TEAM, boss: { as: "human", title: "The boss" } }, async (run) => {
      realModel((who) => `${who} speaks`);
      const input = { agents: ["writer", "boss"], until: { max_messages: 3 } };
      const { journal, output } = await talk(run, "round-robin", input);
      expect(output).toBeUndefined();
      const question = "team/t2/input";
      expect(journal.record(question)).toMatchObject({
        state: "waiting",
        on: "human",
        prompt: expect.stringContaining("Writer: writer speaks"),
      });
      await journal.settle(question, journal.keyOf(question), { kind: "done", output: { text: "Fine.", by: "eva" } });
      const { spoken, output: last } = await talk(run, "round-robin", input);
      expect(spoken).toEqual(["writer", "boss"]);
      expect(last).toMatchObject({ messages: [{}, { speaker: "boss", text: "Fine." }] });
    });
  });

  it("who is a team talks among itself and answers with one voice", async () => {
    const society = {
      as: "team",
      title: "Society",
      pattern: "round-robin",
      with: { agents: ["writer", "critic"] },
      until: { max_messages: 3 },
      response_prompt: "Say it shortly.",
    };
    await inRun({ ...TEAM, society }, async (run) => {
      realModel((who, request) => (who === "nobody" ? `In short: ${lastText(request).split("\n").at(-1)}` : `${who} speaks`));
      const { events, output } = await talk(run, "round-robin", { agents: ["researcher", "society"], until: { max_messages: 3 } });
      const told = events().flatMap((event) => (event.type === "team.message" ? [`${event.data.step} ${event.data.speaker}`] : []));
      expect(told).toEqual(["team researcher", "team/t2 writer", "team/t2 critic", "team society"]);
      expect(output).toMatchObject({ text: "In short: Say it shortly." });
    });
  });

  it("cannot be a team that holds itself for ever", async () => {
    const loop = { as: "team", pattern: "round-robin", with: { agents: ["loop"] } };
    await inRun({ loop }, async (run) => {
      const { journal } = await talk(run, "round-robin", { agents: ["loop"] });
      expect(journal.record("team")?.problem?.detail).toContain("nested 4 deep");
    });
  });
});

describe("the end of a team", () => {
  it("comes by a signal, by time, and when a condition and another are both met", async () => {
    await inRun(TEAM, async (run) => {
      realModel((who, _request, asked) => {
        if (asked === 1) run.signals.add("enough");
        return who;
      });
      const { spoken, output } = await talk(run, "round-robin", { until: { external: "enough" } });
      expect(spoken).toHaveLength(2);
      expect(output).toMatchObject({ stop_reason: "the signal enough came" });
    });
    await inRun(TEAM, async (run) => {
      realModel((who) => {
        run.now.at += 40_000;
        return who;
      });
      const { spoken } = await talk(run, "round-robin", { until: { all: [{ timeout: "1m" }, { max_messages: 4 }] } });
      expect(spoken).toHaveLength(3);
    });
  });

  it("is a failure, told with the step, when a participant cannot answer", async () => {
    await inRun(TEAM, async (run) => {
      const { journal } = await talk(run, "round-robin", { agents: ["nobody"] });
      expect(journal.record("team")).toMatchObject({ state: "failed", problem: { type: "invalid-graph" } });
    });
  });
});
