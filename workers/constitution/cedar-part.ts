import { policyToJson, policyToText } from "@cedar-policy/cedar-wasm/web";
import { problemOf } from "../platform/problem.ts";
import { type ParsedPolicy, parsePolicies } from "../policy/policy-text.ts";
import type { Fault } from "./canonical-text.ts";
import type { CedarBlock, ConstitutionText } from "./document.ts";

/** Policies of one document: each may be asked for every decision. */
export const MAX_POLICIES = 100;

/** A policy of an article, ready to be merged with those of other layers. */
export interface ArticlePolicy {
  /** `constitution.<article>.<name>` */
  readonly id: string;
  readonly article: string;
  /** Cedar text whose `@id` is `id`. */
  readonly text: string;
}

/**
 * The Cedar policies of a document's articles. They forbid, or demand something where they permit (`@obligation`): a constitution binds, and what the
 * platform's own forbids or does not permit stays so, whatever a tenant writes.
 * @returns the policies, or what is wrong with them by line and column of the document
 */
export function articlePolicies({ articles }: ConstitutionText): { policies: readonly ArticlePolicy[]; faults: readonly Fault[] } {
  const policies: ArticlePolicy[] = [];
  const faults: Fault[] = [];
  for (const article of articles)
    for (const block of article.cedar)
      for (const read of policiesOfBlock(article.id, block)) {
        if ("message" in read) faults.push(read);
        else if (policies.some(({ id }) => id === read.id))
          faults.push({ line: block.line, column: 1, message: `the article has two policies ${read.id}` });
        else policies.push(read);
      }
  if (policies.length > MAX_POLICIES)
    faults.push({ line: 1, column: 1, message: `has ${policies.length} policies; a constitution has at most ${MAX_POLICIES}` });
  return { policies, faults };
}

function policiesOfBlock(article: string, { text, line }: CedarBlock): (ArticlePolicy | Fault)[] {
  try {
    return parsePolicies(text).map((policy) => {
      const made = articlePolicy(article, policy);
      return typeof made === "string" ? { line: line + policy.line - 1, column: policy.column, message: made } : made;
    });
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem.errors.map((fault) => ({ line: line + (fault.line ?? 1) - 1, column: fault.column ?? 1, message: fault.message }));
  }
}

/** A policy under its full id, or what is wrong with it. */
function articlePolicy(article: string, { id: name, effect, annotations, text }: ParsedPolicy): ArticlePolicy | string {
  if (!/^[a-z][a-z0-9-]{0,63}$/u.test(name)) return `${name}: the name of a policy has small letters, digits and hyphens`;
  if (effect === "permit" && annotations.obligation === undefined)
    return `the policy ${name} permits; an article forbids, or demands something: @obligation("approval") permit …`;
  const id = `constitution.${article}.${name}`;
  const parsed = policyToJson(text);
  const written = parsed.type === "failure" ? parsed : policyToText({ ...parsed.json, annotations: { ...parsed.json.annotations, id } });
  return written.type === "failure" ? (written.errors[0]?.message ?? "is no policy") : { id, article, text: written.text };
}
