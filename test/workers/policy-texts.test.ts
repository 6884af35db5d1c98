import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem } from "../../workers/platform/problem.ts";
import { parseCases, runCases } from "../../workers/policy/cases.ts";
import { decideBy, decideKept } from "../../workers/policy/decide.ts";
import { allHold } from "../../workers/policy/holds.ts";
import { NO_OBLIGATIONS, strictest } from "../../workers/policy/obligations.ts";
import { PLATFORM_LAYERS } from "../../workers/policy/policies-in-force.ts";
import { mergeLayers } from "../../workers/policy/policy-set.ts";
import { parsePolicies } from "../../workers/policy/policy-text.ts";
import { anyRequest, anyText } from "./policy-random.ts";
import { wholeCedar } from "./policy-whole-cedar.ts";

function refusal(text: string): Problem {
  try {
    parsePolicies(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("the text was taken");
}

const permit = (condition: string, id = "x") => `@id("${id}")\npermit (principal, action, resource)\nwhen { ${condition} };\n`;

describe("a policy text", () => {
  it.each([
    ["does not parse", `${permit("true")}\n@id("é") permit (principal`, { line: 5, column: 27 }, /unexpected end/],
    [
      "speaks of what the schema does not know",
      `${permit("true", "a")}// é ü\n${permit("principal.shoeSize == 3", "b")}`,
      { line: 7, column: 8 },
      /^b: .*shoeSize/,
    ],
    ["compares what cannot be equal", permit("resource.name == 3"), { line: 3, column: 8 }, /^x: .*Long and String/],
    ["names a kind of thing that is not there", '@id("x") permit (principal == Robot::"r", action, resource);', { line: 1 }, /Robot/],
    ["reads what may be absent", permit("context.costMicros > 3"), { line: 3, column: 8 }, /optional attribute/],
    ["has no name", `${permit("true")}permit (principal, action, resource);`, { line: 4, column: 1 }, /@id/],
    ["uses a name twice", permit("true") + permit("false"), { line: 4, column: 1 }, /used twice/],
    ["holds a template", '@id("x") permit (principal == ?principal, action, resource);', { line: 1 }, /templates/],
    [
      "misspells an annotation",
      '@id("x") @oblgation("approval") permit (principal, action, resource);',
      { line: 1 },
      /@oblgation means nothing/,
    ],
    ["demands what there is not", '@id("x") @obligation("prayer") permit (principal, action, resource);', { line: 1 }, /none of approval/],
    [
      "demands what nobody sees to",
      '@id("x") @obligation("approval") permit (principal, action, resource);',
      { line: 1 },
      /seen to for the action tool alone/,
    ],
    ["demands a mask of nothing", '@id("x") @obligation("mask") permit (principal, action, resource);', { line: 1 }, /@mask/],
    [
      "demands something of what it forbids",
      '@id("x") @obligation("approval") forbid (principal, action, resource);',
      { line: 1 },
      /no obligation/,
    ],
  ])("that %s is refused with its place", (_, text, place, why) => {
    const problem = refusal(text);
    expect(problem.type).toBe("invalid-policy");
    expect(problem.errors[0]).toMatchObject({ ...place, message: expect.stringMatching(why) });
  });

  it.each([
    ["brackets in brackets", permit(`${"(".repeat(5_000)}true${")".repeat(5_000)}`)],
    ["sets in sets", permit(`${"[".repeat(5_000)}1${"]".repeat(5_000)} == 1`)],
    ["a chain of attributes", permit(`principal${".a".repeat(20_000)} == 1`)],
    ["a chain of conditions", permit(`true${" && true".repeat(10_000)}`)],
    ["ifs in ifs", permit(`${"if true then true else ".repeat(3_000)}true`)],
    ["a megabyte", permit(`resource.name == "${"x".repeat(1_000_000)}"`)],
    ["a thousand policies", Array.from({ length: 1_000 }, (_, i) => permit("true", `p${i}`)).join("")],
  ])("of %s is refused, and the engine goes on", (_, text) => {
    expect(refusal(text).type).toBe("invalid-policy");
    expect(parsePolicies(permit("true"))).toHaveLength(1);
  });

  it("may be as large as its bounds allow, and the engine goes on", () => {
    const deep = `${"(".repeat(20)}true${")".repeat(20)}`;
    const chain = Array.from({ length: 85 }, () => "context.hour>1").join("&&");
    const ifs = `${"if true then true else ".repeat(200)}true`;
    for (const condition of [deep, chain, ifs]) expect(parsePolicies(permit(condition))).toHaveLength(1);
  });

  it("never brings the engine down, whatever it holds", () => {
    const piece = fc.constantFrom(
      "permit",
      "forbid",
      "(",
      ")",
      "{",
      "}",
      "[",
      "]",
      "principal",
      "action",
      "resource",
      "when",
      "&&",
      "||",
      "!",
      ".",
      '"',
      "@id",
      ";",
      ",",
      "if",
      "a",
      "1",
      " ",
      "\\",
      "//",
      "\n",
      "é",
      "\u0000",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          parsePolicies(pieces.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
      { numRuns: 200 },
    );
    expect(parsePolicies(permit("true"))).toHaveLength(1);
  });
});

describe("layers", () => {
  const request = parseCases('- x: { tool: data.query, risk: read, effect: allow, history: ["label:secret"] }')[0]?.request;
  if (request === undefined) throw new Error("no case");
  const decided = (text: string) => decideBy(mergeLayers([...PLATFORM_LAYERS, { name: "tenant", text }]), request);

  it("keep their ids apart: a tenant names no policy of the platform's", () => {
    expect([...mergeLayers([{ name: "tenant", text: permit("true", "night") }]).policies.keys()]).toEqual(["tenant.night"]);
    expect(() => mergeLayers([{ name: "tenant", text: permit("true", "platform.night") }])).toThrow(/belongs to the layer platform/);
  });

  it("narrow: what a tenant forbids is forbidden, what it permits is worth nothing by itself", () => {
    expect(decided('@id("no") forbid (principal, action, resource) when { context.history.contains("label:secret") };')).toMatchObject({
      effect: "deny",
      policies: ["tenant.no"],
    });
  });

  it("list what is allowed as soon as one permits without a demand", () => {
    expect(decided(permit('resource.name == "other.tool"'))).toMatchObject({
      effect: "deny",
      reason: expect.stringMatching(/tenant's policies list/),
    });
    expect(decided(permit('resource.name == "data.query"'))).toMatchObject({ effect: "allow" });
    expect(decided('@id("x") permit (principal, action == Action::"model", resource);')).toMatchObject({ effect: "allow" });
  });

  it("demand together the strictest of each kind", () => {
    const text = `@id("a") @obligation("approval mask") @mask("secret, card") permit (principal, action == Action::"tool", resource);
      @id("b") @obligation("mfa mask") @mfa_max_age("10m") @mask("card") permit (principal, action == Action::"tool", resource);
      @id("c") @obligation("mfa, sandbox") @mfa_max_age("5m") permit (principal, action == Action::"tool", resource);
      @id("d") @obligation("sandbox") permit (principal, action == Action::"tool", resource) when { resource.name == "other" };`;
    expect(decided(text).obligations).toEqual({
      approval: true,
      mfa: { maxAgeMs: 300_000 },
      mask: ["card", "secret"],
      sandbox: true,
    });
    const ceilings = [900, 500].map((costCeilingMicros) => ({ ...NO_OBLIGATIONS, costCeilingMicros }));
    expect(strictest(ceilings).costCeilingMicros).toBe(500);
  });
});

describe("what is left out for speed makes no difference", () => {
  it("to what Cedar decides of all policies and all attributes", () => {
    fc.assert(
      fc.property(anyText, fc.array(anyRequest, { minLength: 1, maxLength: 12 }), (text, requests) => {
        const set = mergeLayers([{ name: "platform", text }]);
        const texts = new Map([...set.policies].map(([id, policy]) => [id, policy.text]));
        for (const request of requests) {
          const whole = wholeCedar(texts, request);
          expect(whole.errors).toBe(0);
          const decision = decideBy(set, request);
          expect(decision).toMatchObject({ effect: whole.allowed ? "allow" : "deny", policies: whole.reasons });
          expect(decideKept(set, request)).toEqual(decision);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("to which policies hold, as explanations and analysis read them", () => {
    fc.assert(
      fc.property(anyText, fc.array(anyRequest, { minLength: 1, maxLength: 12 }), (text, requests) => {
        const policies = parsePolicies(text);
        const asPermits = new Map(policies.map((policy) => [policy.id, policy.text.replace(/\bforbid \(/, "permit (")]));
        for (const request of requests) {
          const holding = policies
            .filter((policy) => policy.actions.includes(request.action) && allHold(policy.conditions, request))
            .map(({ id }) => id);
          expect(holding.sort()).toEqual(wholeCedar(asPermits, request).reasons);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a document of cases", () => {
  it.each([
    ["is broken YAML", "- a: {tool: x,\n", /line 2/],
    ["asks for two things", "- a: { tool: x, model: y, effect: allow }", /exactly one/],
    ["has a member nobody knows", "- a: { tool: x, effect: allow, color: red }", /color/],
    ["makes much of little", "- &a a: { tool: x, effect: allow }\n- *a", /aliases/],
  ])("that %s is refused", (_, text, why) => {
    expect(() => parseCases(text)).toThrow(why);
  });

  it("tells what is not as a case says", () => {
    const [outcome] = runCases(
      mergeLayers(PLATFORM_LAYERS),
      parseCases("- a viewer may: { role: viewer, tool: data.query, effect: allow }"),
    );
    expect(outcome).toMatchObject({ passed: false, effect: "deny", why: "it is denied: no policy permits it" });
  });
});
