import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { Problem } from "../../../workers/platform/problem.ts";
import { compileFiles } from "../../../workers/templates/compile.ts";
import { parseSource } from "../../../workers/templates/source.ts";

/** What reading a text is refused with: each fault as `line:column message`. */
function faultsOf(text: string): string[] {
  try {
    parseSource("team.yaml", text);
  } catch (error) {
    if (error instanceof Problem && error.type === "invalid-template")
      return error.errors.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

const CREW = `writer:
  role: >
    Writer of {topic}
  tools: [search, "read"]
notes:
  - first
  - who: me
    when: now
`;

describe("where things stand in a file", () => {
  it.each([
    ["/writer", 1, 1],
    ["/writer/role", 2, 9],
    ["/writer/tools", 4, 10],
    ["/writer/tools/1", 4, 19],
    ["/notes", 5, 1],
    ["/notes/0", 6, 5],
    ["/notes/1/when", 8, 11],
    ["/writer/goal", 1, 1],
    ["", 1, 1],
  ])("finds the value at %s in line %i, column %i", (pointer, line, column) => {
    expect(parseSource("crew/agents.yaml", CREW).place(pointer)).toEqual({ file: "crew/agents.yaml", line, column });
  });

  it("finds the name of a member for what is said of the member as a whole", () => {
    expect(parseSource("a.yaml", CREW).namePlace("/writer/tools")).toEqual({ file: "a.yaml", line: 4, column: 3 });
  });

  it("reads pointers with escaped names", () => {
    expect(parseSource("a.json", '{"a/b": {"c~d":\n 7}}').place("/a~1b/c~0d")).toEqual({ file: "a.json", line: 2, column: 2 });
  });

  it("finds every value of JSON that a program wrote, with tabs and without", () => {
    const value = { team: { agents: [{ name: "a" }, { name: "b" }] } };
    for (const indent of ["\t", 2, 0]) {
      const text = JSON.stringify(value, undefined, indent);
      const { line, column } = parseSource("t.json", text).place("/team/agents/1/name");
      expect(text.split("\n")[line - 1]?.slice(column - 1)).toMatch(/^"b"/);
    }
  });

  it("reads whatever JSON or YAML a program writes as the value it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        fc.pre(!/__proto__|\\u0000|\\ud[89a-f]|"<<"/i.test(JSON.stringify(value)));
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(parseSource("a.json", JSON.stringify(value)).value).toEqual(plain);
        expect(parseSource("a.json", JSON.stringify(value, undefined, "\t")).value).toEqual(plain);
        expect(parseSource("a.yaml", stringify(plain)).value).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });
});

describe("aliases and merge keys", () => {
  it("read as what they name", () => {
    const text = "base: &base {model: small, tools: [a]}\nwriter:\n  <<: *base\n  model: large\nreader: *base\n";
    expect(parseSource("a.yaml", text).value).toEqual({
      base: { model: "small", tools: ["a"] },
      writer: { model: "large", tools: ["a"] },
      reader: { model: "small", tools: ["a"] },
    });
  });

  it("take earlier maps of a merged list before later ones", () => {
    const text = "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b]}";
    expect(parseSource("a.yaml", text).value).toMatchObject({ c: { x: 1, y: 1, z: 2 } });
  });

  it("that explode are refused at the place where they do", () => {
    const lines = ['a: &a ["x","x","x","x","x","x","x","x","x"]'];
    for (const [i, name] of [..."bcdefghi"].entries()) lines.push(`${name}: &${name} [${`*${"abcdefgh"[i]},`.repeat(9).slice(0, -1)}]`);
    const [fault] = faultsOf(lines.join("\n"));
    expect(fault).toMatch(/^team\.yaml:6:7 more than 300000 values with its aliases written out$/);
  });

  it("that stand inside what they name are refused", () => {
    expect(faultsOf("a: &a\n  b: *a\n")).toEqual(["team.yaml:2:6 the alias *a stands inside what it stands for"]);
  });

  it("are bounded in number", () => {
    expect(faultsOf(`a: &a 1\nb: [${"*a, ".repeat(1_001)}]`)).toEqual([expect.stringContaining("more than 1000 aliases")]);
  });

  it("that nest deeper than JSON may are refused", () => {
    const lines = ["l0: &l0 [1]"];
    for (let i = 1; i < 80; i += 1) lines.push(`l${i}: &l${i} [*l${i - 1}]`);
    expect(faultsOf(lines.join("\n"))).toEqual([expect.stringContaining("nests deeper than 64 levels")]);
  });
});

describe("what is refused, with its place", () => {
  it.each([
    ["a name given twice", "writer:\n  goal: a\n  goal: b\n", 'team.yaml:3:3 "goal" is named twice in one map'],
    ["a tag", "a: !!python/object:os.system x", "team.yaml:1:4 Unresolved tag: tag:yaml.org,2002:python/object:os.system"],
    ["a tag that the language knows", "a: 1\nb: !!binary aGk=", "team.yaml:2:4"],
    ["a number that JSON has not", "a:\n  - .nan", "team.yaml:2:5 expected text, a finite number, true, false or null"],
    ["NUL", 'a: "x\\0"', "team.yaml:1:4 the character NUL is not taken here"],
    ["half a character", 'a: "\\ud800"', "team.yaml:1:4 the text holds half of a surrogate pair"],
    ["a second document", "a: 1\n---\nb: 2\n", "team.yaml:2:1 the file holds several documents"],
    ["an alias of nothing", "a: *b", "team.yaml:1:4 "],
    ["a list as a name", "[a]: 1", "team.yaml:1:1 a list or a map cannot be a name"],
    ["the name __proto__", "a:\n  __proto__: 1", "team.yaml:2:3 the name __proto__ is not taken here"],
    ["a merge of no map", "a: {<<: 1}", "team.yaml:1:5 << takes a map, or a list of maps"],
    ["text that does not parse", "a: [1, 2\nb: 3", "team.yaml:2:"],
  ])("%s", (_, text, fault) => {
    expect(faultsOf(text)[0]).toContain(fault);
  });

  it.each(["[", "{a: ", "- ", "? ", "- - - ", "[{"])("endless %j without running out of stack", (part) => {
    expect(faultsOf(part.repeat(200_000))).toEqual([expect.stringMatching(/nests deeper than 64 levels/)]);
  });

  it.each([
    ["pieces of syntax without end", "a.yaml", "[],".repeat(290_000)],
    ["faults without end", "a.yaml", ",".repeat(800_000)],
    ["a string that never ends, in JSON with comments", "a.jsonc", '"\\'.repeat(400_000)],
    ["a comment that never ends, in JSON with comments", "a.jsonc", `${"/".repeat(400_000)}[`.repeat(2)],
  ])("%s soon", (_, path, text) => {
    expect(() => compileFiles([{ path, text }], { tools: new Set() })).toThrow(Problem);
  });

  it("takes 64 levels", () => {
    expect(faultsOf("[".repeat(64) + "]".repeat(64))).toEqual([]);
    expect(faultsOf("[".repeat(65) + "]".repeat(65))).toHaveLength(1);
    const block = (levels: number) => Array.from({ length: levels }, (_, i) => `${" ".repeat(i)}a:`).join("\n");
    expect(faultsOf(block(64))).toEqual([]);
    expect(faultsOf(block(65))).toHaveLength(1);
  });

  it("reads a map of twenty thousand names in time that grows with them, not with their square", () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join("\n");
    expect(Object.keys(parseSource("a.yaml", text).value ?? {})).toHaveLength(20_000);
  });
});
