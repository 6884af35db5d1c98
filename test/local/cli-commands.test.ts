import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../clients/cli/all-commands.ts";
import { defineCommand } from "../../clients/cli/command.ts";
import { EXIT } from "../../clients/cli/exit-codes.ts";
import type { Output } from "../../clients/cli/output.ts";
import { overview } from "../../clients/cli/overview.ts";

const output: Output = { isJson: true, isTerminal: false, canAsk: false, result() {}, say() {}, stream() {} };
const surroundings = { output, signal: new AbortController().signal };

/** A command that keeps what it was called with. */
function spy() {
  const calls: unknown[] = [];
  const command = defineCommand({
    name: "things put",
    summary: "Put things.",
    operands: [
      { name: "FIRST", about: "the first" },
      { name: "REST", about: "the rest", isOptional: true, isMany: true },
    ],
    options: {
      attach: { type: "string", multiple: true, isGreedy: true, value: "FILE…", about: "files" },
      out: { type: "string", value: "DIR", about: "where", default: "here" },
      all: { type: "boolean", about: "all of them" },
    },
    examples: ["soma things put a"],
    run: async ({ operands, options: { attach, out, all } }) => {
      calls.push({ operands, attach, out, all });
      return EXIT.ok;
    },
  });
  return { calls, run: (...args: string[]) => command.run(args, surroundings) };
}

describe("every command", () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))("soma %s has help with an example of itself", (name, { help }) => {
    expect(help).toMatch(new RegExp(`^soma ${name} `));
    expect(help).toMatch(new RegExp(`\nExamples:\n(  .*\n)*  .*soma ${name}`));
    expect(help).toContain("--json");
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    "soma %s refuses an option that it does not have",
    async (_, command) => {
      await expect(command.run(["--jsn"], surroundings)).rejects.toThrow(/There is no option --jsn\. Is --json meant\?/);
    },
  );
});

describe("arguments", () => {
  it("give a greedy option the operands behind it, but not the one that the command cannot do without", async () => {
    const { calls, run } = spy();
    await run("a", "--attach", "x", "y", "--all");
    await run("--attach", "x", "y", "a");
    await run("--attach=x", "--out", "there", "a", "b");
    await run("a", "--attach", "x", "--", "-b");
    expect(calls).toEqual([
      { operands: ["a"], attach: ["x", "y"], out: "here", all: true },
      { operands: ["a"], attach: ["x", "y"], out: "here", all: undefined },
      { operands: ["a", "b"], attach: ["x"], out: "there", all: undefined },
      { operands: ["a", "-b"], attach: ["x"], out: "here", all: undefined },
    ]);
  });

  it("are refused with the command's use when one is missing, strange or without its value", async () => {
    const { run } = spy();
    await expect(run()).rejects.toThrow(/FIRST is missing: the first\.\nUsage: soma things put FIRST \[REST…\] \[options\]/);
    await expect(run("a", "--al")).rejects.toThrow("Is --all meant?");
    await expect(run("a", "--out")).rejects.toThrow(/--out/);
    await expect(run("a", "--all=yes")).rejects.toThrow(/--all/);
  });

  it("are too many when a command takes fewer", async () => {
    const show = COMMANDS.find((command) => command.name === "projects show");
    await expect(show?.run(["a", "b"], surroundings)).rejects.toThrow('"b" is too much');
  });
});

describe("words that name no command", () => {
  it("are told what there is, or what may have been meant", () => {
    expect(overview([])).toContain("Exit codes: 0 done, 1 failed, 2 wrong use, 3 a person is needed, 130 interrupted.");
    expect(overview(["projects", "--help"])).not.toContain("artifacts");
    expect(() => overview(["projects"])).toThrow("takes one of these");
    expect(() => overview(["projekts"])).toThrow("Is soma projects meant?");
    expect(() => overview(["projects", "lst"])).toThrow("Is soma projects list meant?");
    expect(() => overview(["xyzzy"])).toThrow(/no command soma xyzzy\.\n/);
  });
});
