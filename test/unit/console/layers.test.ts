import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layersOf, type Task } from "../../../dashboards/console/src/project/layers.ts";
import { NODE_HEIGHT, placementOf } from "../../../dashboards/console/src/project/placement.ts";

const task = (step: string, needs: string[], wave?: number): Task => ({
  step,
  title: step,
  uses: "agent:analyst",
  needs,
  state: "pending",
  attempt: 0,
  ...(wave === undefined ? {} : { wave }),
});

/** Graphs of up to 60 tasks, each of which needs some of those before it. */
const graphs = fc.array(fc.array(fc.nat(59), { maxLength: 4 }), { minLength: 1, maxLength: 60 }).map((all) =>
  all.map((needs, i) =>
    task(
      `s${i}`,
      [...new Set(needs.filter((need) => need < i))].map((need) => `s${need}`),
    ),
  ),
);

describe("the waves of a graph", () => {
  it("hold every task once, and none before or beside what it needs", () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const layers = layersOf(tasks);
        const waveOf = new Map(layers.flatMap((layer) => layer.tasks.map(({ step }) => [step, layer.wave] as const)));
        expect(layers.flatMap((layer) => layer.tasks)).toHaveLength(tasks.length);
        for (const { step, needs } of tasks) for (const need of needs) expect(waveOf.get(step)).toBeGreaterThan(waveOf.get(need) ?? 0);
      }),
    );
  });

  it("are those that the tasks were started in, where they were", () => {
    const layers = layersOf([task("a", [], 1), task("b", [], 2), task("c", ["b"])]);
    expect(layers.map(({ wave, tasks }) => [wave, tasks.map(({ step }) => step)])).toEqual([
      [1, ["a"]],
      [2, ["b"]],
      [3, ["c"]],
    ]);
  });

  it("end where a circle or a need of nothing would go on", () => {
    expect(layersOf([task("a", ["b"]), task("b", ["a", "nowhere"])]).flatMap((layer) => layer.tasks)).toHaveLength(2);
  });
});

describe("the places of a graph's tasks", () => {
  it("lie within the width there is and never over each other", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 280, max: 1_400 }), (tasks, width) => {
        const { spots, nodeWidth, height } = placementOf(layersOf(tasks), width);
        const placed = [...spots.values()];
        expect(placed).toHaveLength(tasks.length);
        for (const [i, a] of placed.entries()) {
          expect(a.x + nodeWidth).toBeLessThanOrEqual(width);
          expect(a.y + NODE_HEIGHT).toBeLessThanOrEqual(height);
          for (const b of placed.slice(i + 1)) expect(Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true);
        }
      }),
    );
  });

  it("have a line for each need", () => {
    const { lines, isCrowded } = placementOf(layersOf([task("a", []), task("b", ["a"]), task("c", ["a", "b"])]), 800);
    expect(lines.map(({ from, to }) => `${from}>${to}`)).toEqual(["a>b", "a>c", "b>c"]);
    expect(isCrowded).toBe(false);
  });
});
