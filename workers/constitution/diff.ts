import { canonicalJson, parsedJsonSchema } from "../platform/canonical-json.ts";
import type { Article, ConstitutionText } from "./document.ts";

/** What became of one article between two documents. */
export interface ArticleDiff {
  readonly article: string;
  readonly change: "added" | "removed" | "changed" | "moved";
  /** For a changed one: which of its parts. */
  readonly parts: readonly ("title" | "text" | "rationale" | "policies" | "moderation")[];
  readonly before?: ShownArticle;
  readonly after?: ShownArticle;
}

export interface ShownArticle {
  readonly title: string;
  readonly text: string;
  readonly rationale: string;
  readonly policies: string;
  readonly moderation: string;
}

export interface DocumentDiff {
  readonly isSame: boolean;
  readonly title: boolean;
  readonly preamble: boolean;
  readonly quorum: boolean;
  readonly articles: readonly ArticleDiff[];
}

/** What a document says otherwise than another, article by article: by ids, so that a renamed heading is a changed article and not two. */
export function diffDocuments(before: ConstitutionText | undefined, after: ConstitutionText): DocumentDiff {
  const old = new Map((before?.articles ?? []).map((article) => [article.id, article]));
  const order = movedArticles(before, after);
  const articles: ArticleDiff[] = [];
  for (const article of after.articles) {
    const was = old.get(article.id);
    old.delete(article.id);
    if (was === undefined) articles.push({ article: article.id, change: "added", parts: [], after: shownArticle(article) });
    else {
      const parts = changedParts(shownArticle(was), shownArticle(article));
      if (parts.length > 0)
        articles.push({ article: article.id, change: "changed", parts, before: shownArticle(was), after: shownArticle(article) });
      else if (order.has(article.id)) articles.push({ article: article.id, change: "moved", parts: [] });
    }
  }
  for (const [id, article] of old) articles.push({ article: id, change: "removed", parts: [], before: shownArticle(article) });
  return {
    isSame: before?.sha256 === after.sha256,
    title: (before?.title ?? "") !== after.title,
    preamble: (before?.preamble ?? "") !== after.preamble,
    quorum: JSON.stringify(before?.quorum) !== JSON.stringify(after.quorum),
    articles,
  };
}

/** The parts of an article as one text each, as they are compared and shown. */
export function shownArticle({ title, text, rationale, cedar, moderation }: Article): ShownArticle {
  return {
    title,
    text,
    rationale,
    policies: cedar.map((block) => block.text).join("\n\n"),
    moderation: moderation.map((rule) => canonicalJson(parsedJsonSchema.parse(JSON.parse(JSON.stringify(rule))))).join("\n"),
  };
}

function changedParts(before: ShownArticle, after: ShownArticle): ArticleDiff["parts"] {
  return (["title", "text", "rationale", "policies", "moderation"] as const).filter((part) => before[part] !== after[part]);
}

/** Articles that stand in another order among those which both documents have. */
function movedArticles(before: ConstitutionText | undefined, after: ConstitutionText): ReadonlySet<string> {
  const ids = (document: ConstitutionText | undefined, other: ConstitutionText | undefined) =>
    (document?.articles ?? []).map(({ id }) => id).filter((id) => other?.articles.some((article) => article.id === id));
  const [was, is] = [ids(before, after), ids(after, before)];
  return new Set(is.filter((id, i) => was[i] !== id));
}
