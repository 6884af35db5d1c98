import { policySetTextToParts, policyToJson, validate } from "@cedar-policy/cedar-wasm/web";
import platformSchema from "../../policies/cedar/platform.cedarschema";
import { Problem, type ProblemDetail } from "../platform/problem.ts";
import { startCedar } from "./cedar.ts";
import { type Condition, conditionOf } from "./condition.ts";
import { type Annotations, KNOWN_ANNOTATIONS, type Obligations, obligationsIn, unseen } from "./obligations.ts";
import { ACTIONS, type Action } from "./request.ts";
import { boundsFault, MAX_POLICIES } from "./text-bounds.ts";

/** One policy of a text: what it says, in the forms that deciding, explaining and analysing need. */
export interface ParsedPolicy {
  /** Its `@id`, not yet prefixed by the layer. */
  readonly id: string;
  readonly effect: "permit" | "forbid";
  readonly text: string;
  /** The actions its head allows. */
  readonly actions: readonly Action[];
  /** What must hold: the head's principal and resource, then each `when` and `unless`. */
  readonly conditions: readonly Condition[];
  readonly obligations: Obligations;
  readonly annotations: Annotations;
  /** From 1: where the policy begins in its text. */
  readonly line: number;
  readonly column: number;
}

const ID = /^[a-z0-9][a-z0-9._-]{0,95}$/;
const TRUE: Condition = { kind: "constant", value: true };

/**
 * Reads a Cedar text: bounded, parsed, and held against the published schema.
 * @throws Problem `invalid-policy` naming each fault with the policy's id, line and column
 */
export function parsePolicies(text: string): ParsedPolicy[] {
  const bounds = boundsFault(text);
  if (bounds !== undefined) throw refused(text, [{ at: bounds.at, message: bounds.message }]);
  startCedar();
  const parts = partsOf(text);
  const policies = parts.map((part) => parsedPolicy(text, part));
  checkSchema(text, policies, parts);
  const twice = policies.find(({ id }, i) => policies.findIndex((other) => other.id === id) < i);
  if (twice !== undefined) throw refused(text, [{ at: offsetOf(text, twice), message: `the id ${twice.id} is used twice` }]);
  return policies;
}

/** A policy as it stands in its text, with where it begins (in characters). */
interface Part {
  readonly text: string;
  readonly at: number;
}

/** The policies of a text in the order in which they stand there. */
function partsOf(text: string): Part[] {
  const parts = policySetTextToParts(text);
  if (parts.type === "failure")
    throw refused(
      text,
      parts.errors.map((error) => ({ at: characterAt(text, error.sourceLocations?.[0]?.start), message: said(error) })),
    );
  const template = parts.policy_templates[0];
  if (template !== undefined)
    throw refused(text, [
      { at: text.indexOf(template), message: "templates (with ?principal or ?resource) are not taken; write the policy out" },
    ]);
  if (parts.policies.length > MAX_POLICIES)
    throw refused(text, [{ at: 0, message: `there are ${parts.policies.length} policies; ${MAX_POLICIES} is as many as there may be` }]);
  const taken = new Map<string, number>();
  const placed = parts.policies.map((policy) => {
    const at = text.indexOf(policy, taken.get(policy) ?? 0);
    taken.set(policy, at + policy.length);
    return { text: policy, at };
  });
  return placed.sort((a, b) => a.at - b.at);
}

function parsedPolicy(whole: string, { text, at }: Part): ParsedPolicy {
  const answer = policyToJson(text);
  if (answer.type === "failure") throw refused(whole, [{ at, message: answer.errors.map(said).join("; ") }]);
  const { json } = answer;
  const annotations: Annotations = json.annotations ?? {};
  const id = annotations.id ?? "";
  if (!ID.test(id))
    throw refused(whole, [
      { at, message: 'a policy needs an @id of small letters, digits, ".", "_" and "-", as in @id("no-tools-at-night")' },
    ]);
  const fault = annotationFault(annotations, json.effect) ?? unseen(annotations, actionsOf(json.action));
  if (fault !== undefined) throw refused(whole, [{ at, message: `${id}: ${fault}` }]);
  return {
    id,
    effect: json.effect,
    text,
    actions: actionsOf(json.action),
    conditions: [headOf("principal", json.principal), headOf("resource", json.resource), ...json.conditions.map(clauseOf)].filter(
      (condition) => condition !== TRUE,
    ),
    obligations: obligationsIn(annotations),
    annotations,
    ...placeAt(whole, at),
  };
}

function annotationFault(annotations: Annotations, effect: "permit" | "forbid"): string | undefined {
  const unknown = Object.keys(annotations).find((name) => !KNOWN_ANNOTATIONS.has(name));
  if (unknown !== undefined)
    return `@${unknown} means nothing here; there are ${[...KNOWN_ANNOTATIONS].map((name) => `@${name}`).join(", ")}`;
  if (effect === "forbid" && annotations.obligation !== undefined) return "what is forbidden has no obligation; write a permit with it";
  try {
    obligationsIn(annotations);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

function actionsOf(head: { op: string; entity?: unknown; entities?: unknown }): readonly Action[] {
  if (head.op === "All") return ACTIONS;
  const named = JSON.stringify(head.entities ?? [head.entity]);
  return ACTIONS.filter((action) => named.includes(`"id":"${action}"`));
}

function headOf(variable: "principal" | "resource", head: { op: string; entity?: unknown }): Condition {
  if (head.op !== "==" && head.op !== "in") return TRUE;
  return conditionOf({ "==": { left: { Var: variable }, right: { Value: { __entity: entityIn(head.entity) } } } });
}

function entityIn(entity: unknown): unknown {
  return typeof entity === "object" && entity !== null && "__entity" in entity ? entity.__entity : entity;
}

function clauseOf({ kind, body }: { kind: "when" | "unless"; body: unknown }): Condition {
  const condition = conditionOf(body);
  return kind === "when" ? condition : { kind: "not", arg: condition };
}

function checkSchema(text: string, policies: readonly ParsedPolicy[], parts: readonly Part[]): void {
  const validation = validate({ schema: platformSchema, policies: { staticPolicies: text } });
  if (validation.type === "failure")
    throw refused(
      text,
      validation.errors.map((error) => ({ at: characterAt(text, error.sourceLocations?.[0]?.start), message: said(error) })),
    );
  if (validation.validationErrors.length === 0) return;
  throw refused(
    text,
    validation.validationErrors.map(({ policyId, error }) => {
      const own = Number(policyId.slice("policy".length));
      const at = characterAt(text, error.sourceLocations?.[0]?.start) ?? parts[own]?.at;
      return { at, message: `${policies[own]?.id ?? policyId}: ${said(error).replace(/^for policy `policy\d+`, /, "")}` };
    }),
  );
}

interface Fault {
  /** In characters from the text's beginning; undefined where nothing is known. */
  readonly at: number | undefined;
  readonly message: string;
}

/** Faults told at once. */
const MAX_FAULTS = 20;

function refused(text: string, faults: readonly Fault[]): Problem {
  const errors: ProblemDetail[] = faults
    .slice(0, MAX_FAULTS)
    .map(({ at, message }) => ({ pointer: "/text", message, ...(at === undefined ? {} : placeAt(text, at)) }));
  const [first] = errors;
  const place = first?.line === undefined ? "" : `line ${first.line}, column ${first.column}: `;
  return new Problem("invalid-policy", `The policies cannot be taken: ${place}${first?.message ?? "they are not Cedar"}.`, { errors });
}

function said({ message, help }: { message: string; help: string | null }): string {
  const plain = message.replace(/^failed to parse policies from string: /, "");
  return help === null ? plain : `${plain} (${help.replace(/^for policy `policy\d+`, /, "")})`;
}

function placeAt(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lastBreak = before.lastIndexOf("\n");
  return { line: before.split("\n").length, column: [...before.slice(lastBreak + 1)].length + 1 };
}

function offsetOf(text: string, { line, column }: ParsedPolicy): number {
  return (
    text
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length +
    (line > 1 ? 1 : 0) +
    column -
    1
  );
}

/** Cedar counts bytes of UTF-8, JavaScript units of UTF-16. */
function characterAt(text: string, byte: number | undefined): number | undefined {
  return byte === undefined ? undefined : new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byte)).length;
}
