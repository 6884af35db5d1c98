import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModelPart, ModelRequest } from "../../../workers/models/client.ts";
import { MAX_ANSWER_CHARACTERS, withinLimits } from "../../../workers/models/within-limits.ts";
import { problemOf } from "../../../workers/platform/problem.ts";

const LIMITS = { firstPartMs: 1_000, totalMs: 5_000 };
const END: ModelPart = { kind: "end", usage: { inputTokens: 1, outputTokens: 1, costMicros: 0 }, isCutOff: false };
const REQUEST: ModelRequest = {
  system: "",
  messages: [],
  tools: [],
  task: undefined,
  datasets: [],
  documents: [],
  signal: new AbortController().signal,
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What comes through the limits, and the problem that ended it. */
async function through(stream: (request: ModelRequest) => AsyncGenerator<ModelPart>) {
  const parts: ModelPart[] = [];
  try {
    for await (const part of withinLimits("m", LIMITS, REQUEST, stream)) parts.push(part);
    return { parts, problem: undefined };
  } catch (error) {
    return { parts, problem: problemOf(error)?.type };
  }
}

async function outcome(stream: (request: ModelRequest) => AsyncGenerator<ModelPart>) {
  const work = through(stream);
  await vi.advanceTimersByTimeAsync(60_000);
  return work;
}

describe("an answer within its limits", () => {
  it("comes through whole, and leaves no timer behind", async () => {
    const { parts, problem } = await outcome(async function* () {
      await pause(900);
      yield { kind: "text", text: "a" };
      await pause(4_000);
      yield END;
    });
    expect(problem).toBeUndefined();
    expect(parts).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("an answer is ended", () => {
  it("when nothing has come in its time: another try may do better", async () => {
    let isAborted = false;
    const { problem } = await outcome(async function* ({ signal }) {
      signal.addEventListener("abort", () => {
        isAborted = true;
      });
      await pause(1_100);
      yield END;
    });
    expect(problem).toBe("timeout");
    expect(isAborted).toBe(true);
  });

  it("not for a first word while the model shows that it thinks", async () => {
    const { problem } = await outcome(async function* () {
      yield { kind: "thinking", characters: 10 };
      await pause(3_000);
      yield { kind: "text", text: "a" };
      yield END;
    });
    expect(problem).toBeUndefined();
  });

  it("when it has not ended in its time, even if it ignores that it was told to stop; what came before is kept", async () => {
    const { parts, problem } = await outcome(async function* () {
      for (;;) {
        yield { kind: "text", text: "a" };
        await pause(400);
      }
    });
    expect(problem).toBe("limit-exceeded");
    expect(parts).toHaveLength(13);
  });

  it.each(["text", "thinking"] as const)("when its %s grows without measure", async (kind) => {
    const characters = MAX_ANSWER_CHARACTERS / 4;
    const part: ModelPart = kind === "text" ? { kind, text: "x".repeat(characters) } : { kind, characters };
    const { parts, problem } = await outcome(async function* () {
      for (;;) yield part;
    });
    expect(problem).toBe("limit-exceeded");
    expect(parts).toHaveLength(4);
  });
});
