import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem } from "../../../workers/platform/problem.ts";
import { compileFiles } from "../../../workers/templates/compile.ts";
import { templateNameOf, templateNameSchema } from "../../../workers/templates/template-name.ts";

const tools = new Set(["data.load"]);

/** The faults that an import is refused with, as `file:line:column message`. */
function faultsOf(files: { path: string; text: string }[], framework?: string): string[] {
  try {
    compileFiles(files, { tools, framework });
  } catch (error) {
    if (error instanceof Problem) return error.errors.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

const GRAPH = `name: Nightly Figures
inputs:
  source: { type: string }
steps:
  load:
    uses: tool:data.load
    with: { source: "\${inputs.source}" }
  ask:
    uses: human:approve
    needs: [load]
`;

describe("importing the platform's own form", () => {
  it("takes a graph as YAML and as JSON, and names the template after it", () => {
    const fromYaml = compileFiles([{ path: "night.yaml", text: GRAPH }], { tools });
    expect(fromYaml).toMatchObject({ framework: "soma", templates: [{ name: "nightly-figures", unmapped: [] }] });
    const json = JSON.stringify({ steps: { wait: { uses: "timer:wait", with: { for: "1s" } } } }, undefined, "\t");
    expect(compileFiles([{ path: "a/b/Wait_a_bit.json", text: json }], { tools })).toMatchObject({
      templates: [{ name: "wait-a-bit", graph: { steps: { wait: { uses: "timer:wait", needs: [] } } } }],
    });
  });

  it.each([
    ["an unknown step", "needs: [lode]", "10:13 there is no step lode"],
    ["steps that wait for each other", "needs: [ask]", "10:13 ask needs itself"],
    ["a kind that is none", "needs: [load]\n  x:\n    uses: magic:wand", "12:11 expected tool:<group>"],
    ["a key that is none", "needs: [load]\n    neds: []", '11:11 there is no "neds" here'],
    ["an expression that is none", "needs: [load]\n    when: inputs.source ==", "11:11 `inputs.source ==` is no expression"],
    ["an expression bomb", `needs: [load]\n    when: ${"(".repeat(200)}1${")".repeat(200)}`, "11:11 "],
    ["a name that is none", "needs: [load]\n  Load-2:\n    uses: human:approve", "11:3 expected a lower-case identifier"],
    ["an agent of a wrong form", "needs: [load]\nagents:\n  writer:\n    instructions: [1]", "13:19 "],
  ])("tells %s by line and column", (_, instead, fault) => {
    expect(faultsOf([{ path: "g.yaml", text: GRAPH.replace("needs: [load]", instead) }])[0]).toContain(`g.yaml:${fault}`);
  });

  it("refuses 10,001 steps where the steps begin", () => {
    const steps = Array.from({ length: 10_001 }, (_, i) => `  s${i}: {uses: "timer:wait"}`).join("\n");
    expect(faultsOf([{ path: "g.yaml", text: `name: many\nsteps:\n${steps}\n` }])).toEqual([
      "g.yaml:2:1 a graph holds at most 10000 steps",
    ]);
  });

  it("takes several files as several templates with names of their own", () => {
    const files = ["a", "b"].map((path) => ({ path: `${path}.yaml`, text: GRAPH }));
    expect(compileFiles(files, { tools }).templates.map(({ name }) => name)).toEqual(["nightly-figures", "nightly-figures-2"]);
    expect(compileFiles(files, { tools, name: "team" }).templates[0].name).toBe("team-nightly-figures");
  });

  it("takes what can run of several files and tells of the others where they are wrong", () => {
    const files = [
      { path: "good.yaml", text: GRAPH },
      { path: "bad.yaml", text: GRAPH.replace("[load]", "[lode]") },
    ];
    const imported = compileFiles(files, { tools });
    expect(imported.templates).toHaveLength(1);
    expect(imported.unmapped).toEqual([
      {
        what: "/steps/ask/needs/0",
        where: { file: "bad.yaml", line: 10, column: 13 },
        why: "the template cannot run: there is no step lode",
      },
    ]);
  });

  it("leaves what is no graph, or cannot be read, and says so", () => {
    const files = [
      { path: "g.yaml", text: GRAPH },
      { path: "mkdocs.yml", text: "theme: !ENV [THEME, dark]" },
    ];
    expect(compileFiles(files, { tools }).unmapped).toMatchObject([
      { what: "mkdocs.yml", where: { file: "mkdocs.yml", line: 1, column: 8 }, why: expect.stringContaining("cannot be read") },
    ]);
    const others = [...files.slice(0, 1), { path: "notes.yaml", text: "hello: world" }];
    expect(compileFiles(others, { tools }).unmapped).toMatchObject([{ what: "notes.yaml", why: "holds no graph" }]);
    expect(() => compileFiles(files.slice(1), { tools })).toThrow(/mkdocs\.yml:1:8/);
  });

  it("tells which frameworks there are when nobody recognises the files", () => {
    expect(() => compileFiles([{ path: "notes.yaml", text: "hello: world" }], { tools })).toThrow(/SomaAgent graph/);
    expect(() => compileFiles([{ path: "notes.yaml", text: GRAPH }], { tools, framework: "abacus" })).toThrow(/no adapter for abacus/);
  });
});

describe("a template's name", () => {
  it("is made of any text, and fits", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => templateNameSchema.safeParse(templateNameOf(text)).success));
    expect(templateNameOf("Müller & Söhne: Q3 Report!")).toBe("muller-sohne-q3-report");
    expect(templateNameOf("Import!")).toBe("import-template");
  });
});
