import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText, placeAt, textHash } from "../../../workers/constitution/canonical-text.ts";
import { diffDocuments } from "../../../workers/constitution/diff.ts";
import { type ConstitutionText, readDocument } from "../../../workers/constitution/document.ts";
import { constitutionPrompt } from "../../../workers/constitution/prompt.ts";
import { countingApprovals, hasQuorum } from "../../../workers/platform/quorum.ts";

const PLATFORM = readFileSync("policies/constitution/constitution.md", "utf8");

const OWN = `---
quorum: { approvals: 2 }
---
# Constitution of the survey

Why there is one.

## Mail {#mail}

An agent writes to nobody outside.

_Rationale._ Letters cannot be taken back.

\`\`\`cedar
@id("no-mail") forbid (principal, action == Action::"tool", resource) when { resource.name == "mail.send" };
\`\`\`

\`\`\`moderation
- { id: cards, on: [output], class: payment-card, action: mask }
\`\`\`

## Sources {#sources}

An agent names its source.

_Rationale._ Readers check.
`;

function document(text: string): ConstitutionText {
  const read = readDocument(text);
  if ("faults" in read) throw new Error(JSON.stringify(read.faults));
  return read.document;
}

function faults(text: string): string[] {
  const read = readDocument(text);
  return "faults" in read ? read.faults.map(({ line, column, message }) => `${line}:${column} ${message}`) : [];
}

describe("a constitution", () => {
  it("is read article by article, with reasons and machine parts", () => {
    const { title, preamble, quorum, articles } = document(OWN);
    expect({ title, preamble, quorum }).toEqual({
      title: "Constitution of the survey",
      preamble: "Why there is one.",
      quorum: { approvals: 2, author: false, services: false },
    });
    expect(articles).toMatchObject([
      { id: "mail", title: "Mail", text: "An agent writes to nobody outside.", rationale: "Letters cannot be taken back.", line: 8 },
      { id: "sources", cedar: [], moderation: [] },
    ]);
    expect(articles[0]?.cedar).toEqual([{ text: expect.stringContaining('forbid (principal, action == Action::"tool"'), line: 15 }]);
    expect(articles[0]?.moderation).toEqual([{ id: "cards", on: ["output"], class: "payment-card", action: "mask" }]);
  });

  it("of the platform is one, and what agents are told of it names every article", () => {
    const platform = document(PLATFORM);
    const prompt = constitutionPrompt({ hash: platform.sha256, platform, tenant: document(OWN) });
    expect(prompt).toContain("Article 4: Separation: An agent sees and touches");
    expect(prompt).toContain("Mail: An agent writes to nobody outside.");
    expect(prompt).not.toContain("forbid (");
    expect(prompt).not.toContain("taken back");
  });

  it("has the hash that sha256sum prints of its canonical file", () => {
    const { text, sha256 } = document(OWN);
    expect(sha256).toBe(createHash("sha256").update(Buffer.from(text, "utf8")).digest("hex"));
  });

  it("reads the same whatever line ends, marks and trailing spaces it was saved with", () => {
    fc.assert(
      fc.property(fc.constantFrom("\n", "\r\n", "\r"), fc.nat(3), fc.nat(3), fc.boolean(), (end, spaces, blanks, hasMark) => {
        const saved = `${hasMark ? "\ufeff" : ""}${OWN.replaceAll("\n", `${" ".repeat(spaces)}${end}`)}${end.repeat(blanks)}`;
        expect(document(saved).sha256).toBe(document(OWN).sha256);
      }),
    );
    expect(textHash(canonicalText("# e\u0301"))).toBe(textHash(canonicalText("# \u00e9")));
  });

  it("gives the same document again when its canonical text is read", () => {
    const once = document(OWN);
    expect(document(once.text)).toEqual(once);
  });

  it.each([
    ["nothing", "", /2:1 the document begins with its title/],
    ["front matter that is not closed", "---\nquorum: {}\n# A", /1:1 the front matter is not closed/],
    ["a quorum of nobody", "---\nquorum: { approvals: 0 }\n---\n# A\n", /2:22 quorum.approvals: Too small/],
    ["front matter of another kind", "---\nowner: me\n---\n# A\n", /owner/],
    ["an article without an id", "# A\n\n## Mail\n\nText\n\n_Rationale._ R\n", /3:1 an article begins with/],
    ["an article without a reason", "# A\n\n## Mail {#mail}\n\nText\n", /3:1 the article gives no reason/],
    ["two articles of one id", "# A\n\n## M {#m}\n_Rationale._ R\n\n## N {#m}\n_Rationale._ R\n", /6:1 there is an article m already/],
    ["a second title", "# A\n\n# B\n", /3:1 an article begins with/],
    ["a block that is not closed", "# A\n\n## M {#m}\n_Rationale._ R\n\n```cedar\nforbid", /6:1 the block is not closed/],
    [
      "a moderation rule of no class",
      "# A\n\n## M {#m}\n_Rationale._ R\n\n```moderation\n- { id: a, on: [input], action: mask }\n```\n",
      /7:\d+ 0: names a class/,
    ],
    [
      "a moderation rule that allows",
      "# A\n\n## M {#m}\n_Rationale._ R\n\n```moderation\n- { id: a, on: [input], class: email, action: allow }\n```\n",
      /7:47 0.action/,
    ],
    ["YAML that is none", "# A\n\n## M {#m}\n_Rationale._ R\n\n```moderation\n- { id: a\n```\n", /[78]:\d+ /],
    ["a bomb of aliases", "# A\n\n## M {#m}\n_Rationale._ R\n\n```moderation\n- &a [1]\n- *a\n```\n", /7:1 anchors and aliases/],
    ["text that reads backwards", "# A\n\n## M {#m}\nsafe \u202etxet\n_Rationale._ R\n", /4:6 holds the character U\+202E/],
    ["too much to tell agents", `# A\n\n## M {#m}\n${"x ".repeat(5_000)}\n_Rationale._ R\n`, /agents are told at most 8000/],
    ["too much of everything", "x".repeat(100_001), /a constitution has at most 100000/],
  ])("with %s is refused where the fault is", (_, text, fault) => {
    expect(faults(text).join("\n")).toMatch(fault);
  });

  it("answers any text with a document or with faults whose places are in it, in time that grows with its length", () => {
    const pieces = fc.constantFrom(
      "# A\n",
      "## B {#b}\n",
      "_Rationale._ R\n",
      "```cedar\n",
      "```moderation\n",
      "```\n",
      "---\n",
      "- {id: a}\n",
      "\r\n",
      "`",
      "é",
      "\u202e",
      "text ",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: "grapheme", maxLength: 8 })), { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const read = readDocument(text);
        if ("document" in read) return;
        const lines = canonicalText(text).split("\n").length;
        for (const { line, column } of read.faults) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines + 1);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
    );
    const began = performance.now();
    readDocument(`# A\n${"```x\n".repeat(19_000)}`);
    readDocument(`# A\n## ${" {#".repeat(33_000)}`);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("the difference of two constitutions", () => {
  it("is told article by article", () => {
    const before = document(OWN);
    const after = document(
      OWN.replace("names its source", "names every source")
        .replace("Letters cannot", "Mail cannot")
        .replace("resource.name ==", "resource.name !=")
        .concat("\n## Night {#night}\n\nNo work at night.\n\n_Rationale._ Rest.\n"),
    );
    expect(diffDocuments(before, after).articles).toMatchObject([
      { article: "mail", change: "changed", parts: ["rationale", "policies"] },
      { article: "sources", change: "changed", parts: ["text"], before: { text: "An agent names its source." } },
      { article: "night", change: "added" },
    ]);
    expect(diffDocuments(after, before).articles.at(-1)).toMatchObject({ article: "night", change: "removed" });
    expect(diffDocuments(undefined, before).articles.map(({ change }) => change)).toEqual(["added", "added"]);
    expect(diffDocuments(before, before)).toEqual({ isSame: true, title: false, preamble: false, quorum: false, articles: [] });
  });
});

describe("a quorum", () => {
  const approval = (by: string, kind = "user") => ({ by, kind, at: 1 });
  it("counts distinct people, and authors and services only where it says so", () => {
    const two = { approvals: 2, author: false, services: false };
    const approvals = [approval("ada"), approval("ada"), approval("eve"), approval("key", "service"), approval("bot", "agent")];
    expect(countingApprovals(two, approvals, ["eve"]).map(({ by }) => by)).toEqual(["ada"]);
    expect(hasQuorum(two, approvals, ["eve"])).toBe(false);
    expect(hasQuorum({ ...two, author: true }, approvals, ["eve"])).toBe(true);
    expect(hasQuorum({ ...two, services: true }, approvals, ["eve"])).toBe(true);
    expect(countingApprovals({ approvals: 9, author: true, services: true }, approvals, []).map(({ by }) => by)).toEqual([
      "ada",
      "eve",
      "key",
    ]);
  });

  it("is never reached by less than it asks for", () => {
    const who = fc.record({ by: fc.constantFrom("a", "b", "c", "d"), kind: fc.constantFrom("user", "service", "agent"), at: fc.nat() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(who), fc.subarray(["a", "b", "c"]), (approvals, given, authors) => {
        const quorum = { approvals, author: false, services: false };
        const people = new Set(
          given
            .filter(({ by, kind }, i) => kind === "user" && !authors.includes(by) && given.findLastIndex((other) => other.by === by) === i)
            .map(({ by }) => by),
        );
        expect(hasQuorum(quorum, given, authors)).toBe(people.size >= approvals);
      }),
    );
  });
});

it("a place is counted on from where its text begins", () => {
  expect(placeAt("ab\ncd", 4, { line: 10, column: 5 })).toEqual({ line: 11, column: 2 });
  expect(placeAt("ab", 1, { line: 10, column: 5 })).toEqual({ line: 10, column: 6 });
});
