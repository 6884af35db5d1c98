import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { type ModerationRule, moderationRuleSchema } from "../moderation/rule.ts";
import { type Quorum, quorumSchema } from "../platform/quorum.ts";
import { canonicalText, type Fault, placeAt, textHash, unseenCharacters } from "./canonical-text.ts";

/** A document: what people read before they approve it. */
export const MAX_DOCUMENT_CHARACTERS = 100_000;
export const MAX_ARTICLES = 100;
const MAX_RULES_AN_ARTICLE = 50;
/** What agents are told of a document, in all: it is sent with every question to a model. */
export const MAX_TOLD_CHARACTERS = 8_000;
const MAX_FAULTS = 20;

/** A block of Cedar policies as it stands in an article. */
export interface CedarBlock {
  readonly text: string;
  /** The line of the document on which the text begins. */
  readonly line: number;
}

export interface Article {
  readonly id: string;
  readonly title: string;
  /** Markdown, without the rationale and the machine part. */
  readonly text: string;
  readonly rationale: string;
  readonly cedar: readonly CedarBlock[];
  readonly moderation: readonly ModerationRule[];
  readonly line: number;
}

export interface ConstitutionText {
  /** SHA-256 of the canonical text. */
  readonly sha256: string;
  /** In canonical form. */
  readonly text: string;
  readonly title: string;
  readonly preamble: string;
  readonly quorum: Quorum | undefined;
  readonly articles: readonly Article[];
}

const HEADING = /^## (?<title>.{1,200}?) \{#(?<id>[a-z][a-z0-9-]{0,63})\}$/u;
const RATIONALE = "_Rationale._";
const frontMatterSchema = z.strictObject({ quorum: quorumSchema.optional() });

/**
 * Reads a constitution: optional front matter (YAML between `---`), one heading of the first level, and articles of the form `## Title {#id}`, text,
 * a paragraph that begins with `_Rationale._`, and fenced blocks named `cedar` and `moderation`.
 * @returns the document, or what is wrong with it, place by place
 */
export function readDocument(given: string): { document: ConstitutionText } | { faults: readonly Fault[] } {
  if (given.length > MAX_DOCUMENT_CHARACTERS)
    return {
      faults: [{ line: 1, column: 1, message: `has ${given.length} characters; a constitution has at most ${MAX_DOCUMENT_CHARACTERS}` }],
    };
  const text = canonicalText(given);
  const reading = new Reading(text);
  const document = reading.document();
  return reading.faults.length > 0 ? { faults: reading.faults.slice(0, MAX_FAULTS) } : { document };
}

/** One pass over the lines of a document; faults are gathered, so that an author sees them together. */
class Reading {
  readonly faults: Fault[];
  readonly #text: string;
  readonly #lines: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lines = text.slice(0, -1).split("\n");
    this.faults = unseenCharacters(text);
  }

  document(): ConstitutionText {
    const quorum = this.#frontMatter();
    this.#skipBlank();
    const title = /^# (\S.{0,199})$/u.exec(this.#lines[this.#at] ?? "")?.[1] ?? "";
    if (title === "") this.#fault(this.#at, 1, "the document begins with its title: `# ` and one line");
    else this.#at += 1;
    const preamble = this.#prose();
    const articles = this.#articles();
    if (articles.length > MAX_ARTICLES) this.#fault(0, 1, `has ${articles.length} articles; at most ${MAX_ARTICLES} are read`);
    const told = articles.reduce((sum, article) => sum + article.title.length + article.text.length, 0);
    if (told > MAX_TOLD_CHARACTERS)
      this.#fault(
        0,
        1,
        `the articles' texts have ${told} characters; agents are told at most ${MAX_TOLD_CHARACTERS}: move reasons into rationales`,
      );
    return { sha256: textHash(this.#text), text: this.#text, title, preamble, quorum, articles };
  }

  #frontMatter(): Quorum | undefined {
    if (this.#lines[0] !== "---") return undefined;
    const end = this.#lines.indexOf("---", 1);
    if (end < 0) {
      this.#fault(0, 1, "the front matter is not closed: end it with a line of `---`");
      return undefined;
    }
    this.#at = end + 1;
    const text = this.#lines.slice(1, end).join("\n");
    const value = this.#yaml(text, 1, frontMatterSchema, {});
    return value?.quorum;
  }

  #articles(): Article[] {
    const articles: Article[] = [];
    while (this.#at < this.#lines.length) {
      const article = this.#article();
      if (articles.some(({ id }) => id !== "" && id === article.id))
        this.#fault(article.line - 1, 1, `there is an article ${article.id} already`);
      articles.push(article);
    }
    return articles;
  }

  #article(): Article {
    const line = this.#at;
    const heading = HEADING.exec(this.#lines[line] ?? "");
    if (heading === null) this.#fault(line, 1, "an article begins with `## Title {#id}`; the id has small letters, digits and hyphens");
    this.#at += 1;
    const text: string[] = [];
    const rationale: string[] = [];
    const cedar: CedarBlock[] = [];
    const moderation: ModerationRule[] = [];
    while (this.#at < this.#lines.length && !this.#isHeading()) {
      const current = this.#lines[this.#at] ?? "";
      if (current.startsWith("```")) this.#fence(current.slice(3).trim(), { text, cedar, moderation });
      else if (current.startsWith(RATIONALE)) this.#rationale(rationale);
      else {
        text.push(current);
        this.#at += 1;
      }
    }
    if (rationale.length === 0) this.#fault(line, 1, `the article gives no reason: add a paragraph that begins with ${RATIONALE}`);
    if (moderation.length > MAX_RULES_AN_ARTICLE) this.#fault(line, 1, `has more than ${MAX_RULES_AN_ARTICLE} moderation rules`);
    const { id = "", title = "" } = heading?.groups ?? {};
    return { id, title, text: text.join("\n").trim(), rationale: rationale.join("\n").trim(), cedar, moderation, line: line + 1 };
  }

  #fence(name: string, into: { text: string[]; cedar: CedarBlock[]; moderation: ModerationRule[] }): void {
    const open = this.#at;
    const end = this.#lines.findIndex((line, i) => i > open && line === "```");
    if (end < 0) {
      this.#fault(open, 1, "the block is not closed: end it with a line of ```");
      this.#at = this.#lines.length;
      return;
    }
    this.#at = end + 1;
    const text = this.#lines.slice(open + 1, end).join("\n");
    if (name === "cedar") into.cedar.push({ text, line: open + 2 });
    else if (name === "moderation") into.moderation.push(...(this.#yaml(text, open + 1, z.array(moderationRuleSchema), []) ?? []));
    else into.text.push(...this.#lines.slice(open, end + 1));
  }

  #rationale(into: string[]): void {
    if (into.length > 0) this.#fault(this.#at, 1, "the article gives its reason twice; make one paragraph of them");
    into.push((this.#lines[this.#at] ?? "").slice(RATIONALE.length).trim());
    this.#at += 1;
    while (
      this.#at < this.#lines.length &&
      this.#lines[this.#at] !== "" &&
      !this.#isHeading() &&
      this.#lines[this.#at]?.startsWith("```") !== true
    ) {
      into.push(this.#lines[this.#at] ?? "");
      this.#at += 1;
    }
  }

  /** Text up to the first article. */
  #prose(): string {
    const from = this.#at;
    while (this.#at < this.#lines.length && !this.#isHeading()) this.#at += 1;
    return this.#lines.slice(from, this.#at).join("\n").trim();
  }

  #isHeading(): boolean {
    return /^##? /u.test(this.#lines[this.#at] ?? "");
  }

  #skipBlank(): void {
    while (this.#at < this.#lines.length && this.#lines[this.#at] === "") this.#at += 1;
  }

  /** YAML within the document, checked; `before` lines stand above it. */
  #yaml<T extends z.ZodType>(text: string, before: number, schema: T, whenEmpty: unknown): z.infer<T> | undefined {
    const counter = new LineCounter();
    const parsed = parseDocument(text, { lineCounter: counter, schema: "core", uniqueKeys: true });
    for (const error of parsed.errors.slice(0, MAX_FAULTS)) {
      const { line, col } = counter.linePos(error.pos[0]);
      this.#fault(before + line - 1, col, error.message.split("\n")[0] ?? "is not YAML");
    }
    if (parsed.errors.length > 0) return undefined;
    const value = this.#valueOf(parsed, before) ?? whenEmpty;
    const checked = schema.safeParse(value);
    if (checked.success) return checked.data;
    for (const issue of checked.error.issues.slice(0, MAX_FAULTS)) {
      const node = parsed.getIn(issue.path, true) ?? parsed.getIn(issue.path.slice(0, -1), true);
      const offset = rangeStart(node);
      const place = placeAt(text, offset, { line: before + 1, column: 1 });
      this.faults.push({ ...place, message: `${issue.path.join(".")}: ${issue.message}` });
    }
    return undefined;
  }

  /** Aliases make small texts large, and hide what a rule says from whoever reads it. */
  #valueOf(parsed: ReturnType<typeof parseDocument>, before: number): unknown {
    try {
      return parsed.toJS({ maxAliasCount: 0 });
    } catch {
      this.#fault(before, 1, "anchors and aliases are not read here; write the value out");
      return undefined;
    }
  }

  #fault(index: number, column: number, message: string): void {
    this.faults.push({ line: index + 1, column, message });
  }
}

function rangeStart(node: unknown): number {
  const parsed = z.object({ range: z.tuple([z.number()]).rest(z.number()) }).safeParse(node);
  return parsed.success ? parsed.data.range[0] : 0;
}
