import { readFileSync } from "node:fs";
import { styleText } from "node:util";
import { must } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";

const VERSION = { name: "ID", about: "the version, as `policies list` names it" } as const;

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`${path} cannot be read; name a file.`);
  }
}

const list = defineCommand({
  name: "policies list",
  summary: "List the versions of the tenant's policies, newest first.",
  options: LIST_OPTIONS,
  examples: ["soma policies list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/policies", { params: { query }, signal })),
      row: (version) => [
        version.id,
        `${version.number}`,
        version.state,
        `${version.policies} policies`,
        localTime(version.createdAt),
        version.note,
      ],
      none: "There is no version yet; `soma policies draft FILE` makes one.",
    });
    return EXIT.ok;
  },
});

const draft = defineCommand({
  name: "policies draft",
  summary: "Draft a version from a file of Cedar policies.",
  operands: [{ name: "FILE", about: "Cedar policies, each with an @id" }],
  options: {
    cases: { type: "string", value: "FILE", about: "cases in YAML that must pass before it comes into force" },
    note: { type: "string", value: "TEXT", about: "what the version is for" },
  },
  examples: ["soma policies draft policies.cedar --cases cases.yaml"],
  run: async ({ operands: [file = ""], options, output, signal }) => {
    const { api } = await connected();
    const cases = options.cases === undefined ? "" : textOf(options.cases);
    const body = { text: textOf(file), cases, note: options.note ?? "" };
    const version = await must(api.POST("/v1/policies", { body, signal }));
    output.result(version, `Drafted version ${version.number}: ${version.id}.`);
    return EXIT.ok;
  },
});

const test = defineCommand({
  name: "policies test",
  summary: "Run a file of cases against what is in force, or against a file of policies.",
  operands: [{ name: "FILE", about: "cases in YAML" }],
  options: { policies: { type: "string", value: "FILE", about: "Cedar policies, in place of the tenant's in force" } },
  examples: ["soma policies test cases.yaml", "soma policies test cases.yaml --policies policies.cedar"],
  run: async ({ operands: [file = ""], options, output, signal }) => {
    const { api } = await connected();
    const text = options.policies === undefined ? {} : { text: textOf(options.policies) };
    const tested = await must(api.POST("/v1/policy/test", { body: { cases: textOf(file), ...text }, signal }));
    const lines = tested.cases.map(({ name, passed, why }) =>
      passed ? `${styleText("green", "✓")} ${name}` : `${styleText("red", "✗")} ${name}: ${why}`,
    );
    output.result(tested, [...lines, `${tested.passed} passed, ${tested.failed} failed`].join("\n"));
    return tested.failed === 0 ? EXIT.ok : EXIT.failed;
  },
});

const activate = defineCommand({
  name: "policies activate",
  summary: "Test a version, analyse it against what is in force, and put it into force.",
  operands: [VERSION],
  options: {},
  examples: ["soma policies activate pol_01KAJ2M3N4P5Q6R7S8T9V0W1X2"],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const params = { path: { id } };
    const tested = await must(api.POST("/v1/policies/{id}/test", { params, signal }));
    const { analysis } = await must(api.POST("/v1/policies/{id}/analysis", { params, signal }));
    const version = await must(api.POST("/v1/policies/{id}/activate", { params, signal }));
    output.result(
      { version, tested, analysis },
      [
        `${tested.cases.length} cases passed.`,
        `Of the requests tried, ${analysis.widened.count} are allowed that were not, ${analysis.narrowed.count} are denied that were not.`,
        analysis.isExhaustive ? "They stand for all that the policies can tell apart." : "Not everything was tried; --json tells why.",
        `Version ${version.number} is in force.`,
      ].join("\n"),
    );
    return EXIT.ok;
  },
});

const rollBack = defineCommand({
  name: "policies roll-back",
  summary: "Take the version in force back: what was before it is in force again.",
  operands: [VERSION],
  options: {},
  examples: ["soma policies roll-back pol_01KAJ2M3N4P5Q6R7S8T9V0W1X2"],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const version = await must(api.POST("/v1/policies/{id}/roll-back", { params: { path: { id } }, signal }));
    output.result(version, `Version ${version.number} is no longer in force.`);
    return EXIT.ok;
  },
});

export const policyCommands: readonly Command[] = [list, draft, test, activate, rollBack];
