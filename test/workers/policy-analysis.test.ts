import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse } from "../../workers/policy/analysis/analyse.ts";
import { decideBy } from "../../workers/policy/decide.ts";
import { obligationTexts } from "../../workers/policy/obligations.ts";
import { PLATFORM_LAYERS } from "../../workers/policy/policies-in-force.ts";
import { mergeLayers, type PolicySet } from "../../workers/policy/policy-set.ts";
import { anyRequest, anySmallText } from "./policy-random.ts";

const platform = mergeLayers(PLATFORM_LAYERS);
const withTenant = (text: string) => mergeLayers([...PLATFORM_LAYERS, { name: "tenant", text }]);
const forbid = (id: string, condition: string) =>
  `@id("${id}") forbid (principal, action == Action::"tool", resource) when { ${condition} };`;
const permit = (id: string, condition: string, demand = '@obligation("approval")') =>
  `@id("${id}") ${demand} permit (principal, action == Action::"tool", resource) when { ${condition} };`;

describe("the analysis of a text", () => {
  it("says that nothing changes where nothing does, having tried everything", () => {
    const analysis = analyse(platform, withTenant("// nothing yet"));
    expect(analysis).toMatchObject({ isExhaustive: true, widened: { count: 0 }, narrowed: { count: 0 }, obliged: { count: 0 } });
  });

  it("shows what the old text allowed and the new one does not, by what policies read of it", () => {
    const analysis = analyse(platform, withTenant(forbid("no-mail", 'resource.name == "mail.send"')));
    expect(analysis.isExhaustive).toBe(true);
    expect(analysis.widened.count).toBe(0);
    expect(analysis.narrowed.examples[0]).toMatchObject({
      action: "tool",
      request: { "resource.name": "mail.send" },
      before: { effect: "allow" },
      after: { effect: "deny", policies: ["tenant.no-mail"] },
    });
  });

  it("shows what the new text allows that the old one did not", () => {
    const strict = withTenant(forbid("no-mail", 'resource.name == "mail.send"'));
    const loose = withTenant(forbid("no-mail", 'resource.name == "mail.send" && context.history.contains("label:secret")'));
    const { widened, narrowed, isExhaustive } = analyse(strict, loose);
    expect({ narrowed: narrowed.count, isExhaustive }).toEqual({ narrowed: 0, isExhaustive: true });
    expect(widened.count).toBeGreaterThan(0);
    for (const { request } of widened.examples) expect(request).toMatchObject({ "resource.name": "mail.send", "context.history": [] });
  });

  it("shows obligations that come and go", () => {
    const { obliged } = analyse(platform, withTenant(permit("ask", 'resource.name == "mail.send"')));
    expect(obliged.examples[0]).toMatchObject({ request: { "resource.name": "mail.send" }, after: { obligations: ["approval"] } });
  });

  it("says that a permit without a demand closes everything else", () => {
    const { narrowed } = analyse(platform, withTenant(permit("only", 'resource.name == "data.query"', "")));
    expect(narrowed.examples.map(({ request }) => request["resource.name"])).toContain("(any other)");
  });

  it("finds what can do nothing: conditions that exclude each other, closed lists, permits under a forbid, contradictions", () => {
    const text = [
      forbid("never", 'resource.name == "a" && resource.name == "b"'),
      forbid("no-such-risk", 'resource.risk == "huge"'),
      forbid("no-mail", 'resource.name == "mail.send"'),
      permit("ask-mail", 'resource.name == "mail.send" && principal.kind == "agent"'),
      permit("ask-all-mail", '["mail.send"].contains(resource.name)'),
    ].join("\n");
    const analysis = analyse(platform, withTenant(text));
    expect(analysis.unreachable).toEqual(["tenant.never", "tenant.no-such-risk"]);
    expect(analysis.shadowed.map((one) => one.permit)).toEqual(["tenant.ask-mail", "tenant.ask-all-mail"]);
    expect(analysis.shadowed[0]?.by).toContain("tenant.no-mail");
    expect(analysis.contradicting).toEqual([{ permit: "tenant.ask-all-mail", forbid: "tenant.no-mail" }]);
    expect(analysis.unread).toContain("resource.tags");
  });

  it("says plainly where it has not tried everything", () => {
    const like = analyse(platform, withTenant(forbid("pattern", 'resource.name like "mail.*"')));
    expect(like.isExhaustive).toBe(false);
    expect(like.coverage.find(({ action }) => action === "tool")?.doubts.join()).toMatch(/patterns/);
    const many = Array.from({ length: 24 }, (_, i) => `context.history.contains("tool:${i}")`).join(" || ");
    const wide = analyse(platform, withTenant(forbid("many", many)));
    expect(wide.isExhaustive).toBe(false);
    expect(wide.narrowed.count).toBeGreaterThan(0);
  });
});

describe("whatever the analysis calls no change", () => {
  const told = (set: PolicySet, request: Parameters<typeof decideBy>[1]) => {
    const { effect, obligations } = decideBy(set, request);
    return { effect, obligations: obligationTexts(obligations) };
  };

  const set = (text: string) =>
    mergeLayers([
      { name: "platform", text: '@id("all") permit (principal, action, resource);' },
      { name: "tenant", text },
    ]);
  /** The same said in other words. */
  const reworded = (text: string) => text.replace(/when \{ (.*) \};/g, "unless { !($1) };");

  it("is none in Cedar, over random texts and requests", () => {
    let unchanged = 0;
    const requests = fc.array(anyRequest, { minLength: 10, maxLength: 25 });
    fc.assert(
      fc.property(anySmallText, anySmallText, fc.boolean(), requests, (one, other, isSame, asked) => {
        const [before, after] = [set(one), set(isSame ? reworded(one) : other)];
        const analysis = analyse(before, after);
        if (!analysis.isExhaustive) return;
        const reached = asked.flatMap((request) => decideBy(after, request).policies);
        expect(analysis.unreachable.filter((id) => reached.includes(id))).toEqual([]);
        const changes = analysis.widened.count + analysis.narrowed.count + analysis.obliged.count;
        if (isSame) expect(changes).toBe(0);
        if (changes > 0) return;
        unchanged += 1;
        for (const request of asked) expect(told(after, request)).toEqual(told(before, request));
      }),
      { numRuns: 60 },
    );
    expect(unchanged).toBeGreaterThan(10);
  });
});
