import { policySetTextToParts, policyToJson, policyToText, validate } from "@cedar-policy/cedar-wasm/web";
import platformSchema from "../../policies/cedar/platform.cedarschema";
import { startCedar } from "../policy/cedar.ts";
import { type Fault, placeAt } from "./canonical-text.ts";
import type { CedarBlock, ConstitutionText } from "./document.ts";

/** Policies of one document: each is asked for every decision. */
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
  startCedar();
  const policies: ArticlePolicy[] = [];
  const faults: Fault[] = [];
  for (const article of articles) {
    for (const block of article.cedar) {
      const read = policiesOfBlock(article.id, block);
      faults.push(...read.faults);
      for (const policy of read.policies) {
        if (policies.some(({ id }) => id === policy.id))
          faults.push({ line: block.line, column: 1, message: `the article has two policies ${policy.id}` });
        policies.push(policy);
      }
    }
  }
  if (policies.length > MAX_POLICIES)
    faults.push({ line: 1, column: 1, message: `has ${policies.length} policies; a constitution has at most ${MAX_POLICIES}` });
  return { policies, faults };
}

function policiesOfBlock(article: string, { text, line }: CedarBlock): { policies: ArticlePolicy[]; faults: Fault[] } {
  const parts = policySetTextToParts(text);
  if (parts.type === "failure") return { policies: [], faults: faultsOf(parts.errors, text, { line, column: 1 }) };
  const policies: ArticlePolicy[] = [];
  const faults: Fault[] = [];
  if (parts.policy_templates.length > 0)
    faults.push({ line, column: 1, message: "templates are not read here; name who and what is meant" });
  for (const part of parts.policies) {
    const place = placeAt(text, Math.max(0, text.indexOf(part)), { line, column: 1 });
    const made = oneArticlePolicy(article, part);
    if (typeof made === "string") faults.push({ ...place, message: made });
    else {
      faults.push(...schemaFaults(made.id, part, place));
      policies.push(made);
    }
  }
  return { policies, faults };
}

/** One policy under its full id, or what is wrong with it. */
function oneArticlePolicy(article: string, part: string): ArticlePolicy | string {
  const parsed = policyToJson(part);
  if (parsed.type === "failure") return parsed.errors[0]?.message ?? "is no policy";
  const name = parsed.json.annotations?.id;
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]{0,63}$/u.test(name))
    return 'a policy has a name of small letters, digits and hyphens: @id("name")';
  if (parsed.json.effect !== "forbid" && parsed.json.annotations?.obligation === undefined)
    return `the policy ${name} permits; an article forbids, or demands something: @obligation("approval") permit …`;
  const id = `constitution.${article}.${name}`;
  const text = policyToText({ ...parsed.json, annotations: { ...parsed.json.annotations, id } });
  return text.type === "failure" ? (text.errors[0]?.message ?? "is no policy") : { id, article, text: text.text };
}

function schemaFaults(id: string, policy: string, place: Omit<Fault, "message">): Fault[] {
  const answer = validate({ schema: platformSchema, policies: { staticPolicies: { [id]: policy } } });
  if (answer.type === "failure") return faultsOf(answer.errors, policy, place);
  return answer.validationErrors.flatMap(({ error }) => faultsOf([error], policy, place));
}

interface CedarError {
  readonly message: string;
  readonly sourceLocations?: readonly { readonly start: number }[];
}

function faultsOf(errors: readonly CedarError[], text: string, first: { line: number; column: number }): Fault[] {
  return errors.map(({ message, sourceLocations }) => ({
    ...placeAt(text, charactersIn(text, sourceLocations?.[0]?.start ?? 0), first),
    message,
  }));
}

/** Cedar counts bytes of UTF-8; places count UTF-16 code units, as every editor's API does. */
function charactersIn(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).length;
}
