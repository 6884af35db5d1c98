import { describe, expect, it } from "vitest";
import { newRuns, setting } from "./engine-platform.ts";

const undo = { uses: "tool:value.set", with: { value: "${output}" } };
/** No such capsule: the step fails. */
const failing = { uses: "capsule:there-is-none@^1" };

describe("what a run has done is taken back", () => {
  it("in reverse order when it fails: steps, items and steps inside, each with its own output", async () => {
    const runs = await newRuns();
    const run = await runs.start({
      steps: {
        a: setting("A", { undo }),
        each: setting("${item}", { needs: ["a"], for_each: ["x", "y"], max_parallel: 1, undo }),
        inner: { uses: "run:inline", needs: ["each"], graph: { steps: { b: setting("B", { undo }), c: setting("C") } } },
        bad: { ...failing, needs: ["inner"] },
        never: setting(1, { needs: ["bad"], undo }),
      },
    });
    expect(run.state).toBe("failed");
    expect(run.problem?.detail).toContain("Step bad failed");
    expect(run.undone.map(({ step, state }) => [step, state])).toEqual([
      ["undo/inner/b", "done"],
      ["undo/each/1", "done"],
      ["undo/each/0", "done"],
      ["undo/a", "done"],
    ]);
  });

  it("one failure among them is reported and does not stop the others", async () => {
    const runs = await newRuns();
    const run = await runs.start({
      steps: { a: setting("A", { undo }), b: setting("B", { needs: ["a"], undo: failing }), bad: { ...failing, needs: ["b"] } },
    });
    expect(run).toMatchObject({
      state: "failed",
      undone: [
        { step: "undo/b", state: "failed" },
        { step: "undo/a", state: "done" },
      ],
    });
  });

  it("when it is cancelled, after what waits was ended", async () => {
    const runs = await newRuns();
    const run = await runs.start({ steps: { a: setting("A", { undo }), ask: { uses: "human:input", needs: ["a"] } } }, {}, 1);
    expect(run.state).toBe("waiting");
    const cancelled = await runs.act(run.id, "cancel", { mode: "graceful" });
    expect(cancelled.status).toBe(200);
    await expect.poll(async () => (await runs.read(run.id)).state).toBe("cancelled");
    expect((await runs.read(run.id)).undone).toMatchObject([{ step: "undo/a", state: "done" }]);
    expect(await runs.stepsOf(run.id, "step.failed")).toEqual(["ask"]);
  });

  it("and nothing is, when it came to its end", async () => {
    const runs = await newRuns();
    const run = await runs.start({ steps: { a: setting("A", { undo }) } });
    expect(run).toMatchObject({ state: "completed", undone: [] });
    expect((await runs.act(run.id, "cancel", { mode: "hard" })).status).toBe(409);
  });
});
