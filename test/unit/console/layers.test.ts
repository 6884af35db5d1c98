import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GraphStep, layersOf } from "../../../dashboards/console/src/graph/layers.ts";
import { type Placement, placementOf } from "../../../dashboards/console/src/graph/placement.ts";
import { countsOf, isFound, type Section, sectionName, sectionsOf } from "../../../dashboards/console/src/graph/sections.ts";

const task = (step: string, needs: string[], wave?: number): GraphStep => ({
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
        const waveOf = new Map(layers.flatMap((layer) => layer.steps.map(({ step }) => [step, layer.wave] as const)));
        expect(layers.flatMap((layer) => layer.steps)).toHaveLength(tasks.length);
        for (const { step, needs } of tasks) for (const need of needs) expect(waveOf.get(step)).toBeGreaterThan(waveOf.get(need) ?? 0);
      }),
    );
  });

  it("are those that the tasks were started in, where they were", () => {
    const layers = layersOf([task("a", [], 1), task("b", [], 2), task("c", ["b"])]);
    expect(layers.map(({ wave, steps }) => [wave, steps.map(({ step }) => step)])).toEqual([
      [1, ["a"]],
      [2, ["b"]],
      [3, ["c"]],
    ]);
  });

  it("end where a circle or a need of nothing would go on", () => {
    expect(layersOf([task("a", ["b"]), task("b", ["a", "nowhere"])]).flatMap((layer) => layer.steps)).toHaveLength(2);
  });
});

const all = () => true;
const placed = (steps: readonly GraphStep[], width: number, isOpen: (section: Section) => boolean = all): Placement =>
  placementOf(sectionsOf(layersOf(steps)), isOpen, width, "medium");

describe("the places of a graph's steps", () => {
  it("lie within the width there is and never over each other", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 280, max: 1_400 }), (steps, width) => {
        const { spots, nodeWidth, nodeHeight, height } = placed(steps, width);
        const places = [...spots.values()];
        expect(places).toHaveLength(steps.length);
        for (const [i, a] of places.entries()) {
          expect(a.x + nodeWidth).toBeLessThanOrEqual(width);
          expect(a.y + nodeHeight).toBeLessThanOrEqual(height);
          for (const b of places.slice(i + 1)) expect(Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= nodeHeight).toBe(true);
        }
      }),
    );
  });

  it("have a line for each need", () => {
    const { lines, isCrowded } = placed([task("a", []), task("b", ["a"]), task("c", ["a", "b"])], 800);
    expect(lines.map(({ from, to }) => `${from}>${to}`)).toEqual(["a>b", "a>c", "b>c"]);
    expect(isCrowded).toBe(false);
  });

  it("leave a thousand steps in a row folded to little room, and draw none of them", () => {
    const chain = Array.from({ length: 1_000 }, (_, i) => task(`s${i}`, i === 0 ? [] : [`s${i - 1}`]));
    const folded = placed(chain, 1_000, () => false);
    expect(folded.spots.size).toBe(0);
    expect(folded.height).toBeLessThan(2_000);
  });
});

describe("the sections of a graph", () => {
  it("hold every wave once, in order, and gather the waves of a large graph", () => {
    const chain = Array.from({ length: 100 }, (_, i) => task(`s${i}`, i === 0 ? [] : [`s${i - 1}`]));
    const sections = sectionsOf(layersOf(chain));
    expect(sections.flatMap(({ steps }) => steps.map(({ step }) => step))).toEqual(chain.map(({ step }) => step));
    expect(sections.map(sectionName)).toEqual(["Waves 1–40", "Waves 41–80", "Waves 81–100"]);
    expect(sectionsOf(layersOf(chain.slice(0, 5))).map(sectionName)).toEqual(["Wave 1", "Wave 2", "Wave 3", "Wave 4", "Wave 5"]);
  });

  it("say how many of their steps stand where, and which is looked for", () => {
    const steps = [task("load_data", []), { ...task("b", []), state: "failed" as const }, task("c", [])];
    expect(countsOf(steps)).toEqual([
      ["failed", 1],
      ["pending", 2],
    ]);
    expect(steps.filter((step) => isFound(step, " LOAD ")).map(({ step }) => step)).toEqual(["load_data"]);
    expect(steps.some((step) => isFound(step, " "))).toBe(false);
  });
});
