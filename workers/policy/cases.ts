import { parseDocument } from "yaml";
import { z } from "zod";
import { durationMs } from "../mao/duration.ts";
import { capabilitySchema, ROLES } from "../platform/capabilities.ts";
import { Problem, type ProblemDetail, problemOf } from "../platform/problem.ts";
import { decideBy, type Verdict } from "./decide.ts";
import { obligationTexts } from "./obligations.ts";
import type { PolicySet } from "./policy-set.ts";
import { ACTIONS, type Action, type PolicyRequest } from "./request.ts";

/** Characters of one document of cases, and cases in it: what is tried within a second. */
export const MAX_CASES_CHARACTERS = 131_072;
const MAX_CASES = 500;

const word = z.string().min(1).max(200);
const words = z.array(word).max(64);

/** Who asks, for what, under which circumstances: the form of cases and of questions by the API. */
const askedFields = {
  /** Whose capabilities; the roles of the principal where `roles` says nothing else. */
  role: z.enum(["admin", "member", "viewer", "operator"]).default("member"),
  roles: words.optional(),
  groups: words.default([]),
  capabilities: z.array(capabilitySchema).max(128).optional(),
  kind: z.enum(["user", "service", "agent", "operator"]).default("user"),
  amr: words.default([]),
  mfa_age: z
    .string()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/)
    .optional(),
  actor: word.optional(),
  client: word.optional(),
  /** Another tenant than the principal's own. */
  in: z.literal("other").optional(),
  route: word.optional(),
  tool: word.optional(),
  model: word.optional(),
  agent: word.optional(),
  capsule: word.optional(),
  risk: z.enum(["read", "write", "destructive", "spend"]).optional(),
  tags: words.default([]),
  as_agent: word.optional(),
  history: words.default([]),
  labels: words.default([]),
  channel: z.enum(["http", "session", "run", "project"]).optional(),
  cost_micros: z.number().int().nonnegative().optional(),
  at: z.iso.datetime().default("2026-01-07T12:00:00Z"),
} as const;

type Named = { readonly [name in Action]?: string | undefined };
const asksForOne = (asked: Named) => ACTIONS.filter((action) => asked[action] !== undefined).length === 1;
const ASKS_FOR_ONE = { message: `asks for exactly one of ${ACTIONS.join(", ")}` };

/** A question in the form of a case, without what must be decided. */
export const questionSchema = z.strictObject(askedFields).refine(asksForOne, ASKS_FOR_ONE);
type Question = z.infer<typeof questionSchema>;

const caseSchema = z
  .strictObject({
    ...askedFields,
    effect: z.enum(["allow", "deny"]),
    obligations: z.array(word).max(32).default([]),
    /** Ids of all policies that decide, where the case is about that. */
    by: words.optional(),
  })
  .refine(asksForOne, ASKS_FOR_ONE);
type AskedCase = z.infer<typeof caseSchema>;

const casesSchema = z
  .array(z.record(z.string().max(300), caseSchema).refine((one) => Object.keys(one).length === 1, { message: "is one name with its case" }))
  .max(MAX_CASES);

export interface PolicyCase {
  readonly name: string;
  readonly request: PolicyRequest;
  readonly effect: "allow" | "deny";
  readonly obligations: readonly string[];
  readonly by: readonly string[] | undefined;
}

/** What came of a case. */
export interface CaseOutcome {
  readonly name: string;
  readonly passed: boolean;
  /** What was decided; left out where no decision could be made. */
  readonly effect?: "allow" | "deny";
  readonly policies: readonly string[];
  readonly obligations: readonly string[];
  /** What is not as the case says, in a sentence. */
  readonly why?: string;
}

/**
 * Reads cases in their YAML form: a list of `- name: { role, tool | route | …, effect, … }`.
 * @throws Problem `invalid-policy` naming each fault, with line and column where the YAML itself is broken
 */
export function parseCases(text: string): PolicyCase[] {
  if (text.length > MAX_CASES_CHARACTERS) throw refused([at("", `has ${text.length} characters; ${MAX_CASES_CHARACTERS} is the most`)]);
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault !== undefined) {
    const [start] = fault.linePos ?? [];
    const place = start === undefined ? {} : { line: start.line, column: start.col };
    throw refused([{ ...at("", fault.message.split("\n")[0] ?? "is not YAML"), ...place }]);
  }
  const parsed = casesSchema.safeParse(yamlValue(document) ?? []);
  if (!parsed.success) throw refused(parsed.error.issues.slice(0, 20).map((issue) => at(issue.path.map(String).join("/"), issue.message)));
  return parsed.data.flatMap((one) => Object.entries(one).map(([name, asked]) => caseOf(name, asked)));
}

/** Aliases could make a small text a huge value. */
function yamlValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw refused([at("", "aliases (&name, *name) are not taken; write the value out")]);
  }
}

/** Decides every case by a set. A case passes when effect, obligations and, where told, policies are as it says. */
export function runCases(set: PolicySet, cases: readonly PolicyCase[]): CaseOutcome[] {
  return cases.map((one) => {
    try {
      return outcomeOf(one, decideBy(set, one.request));
    } catch (error) {
      const why = `no decision could be made: ${problemOf(error)?.detail ?? (error instanceof Error ? error.message : "unknown")}`;
      return { name: one.name, passed: false, policies: [], obligations: [], why };
    }
  });
}

function outcomeOf(one: PolicyCase, verdict: Verdict): CaseOutcome {
  const obligations = obligationTexts(verdict.obligations);
  const wrong = [
    ...(verdict.effect === one.effect ? [] : [`it is ${verdict.effect === "allow" ? "allowed" : "denied"}: ${verdict.reason}`]),
    ...(isSame(obligations, one.obligations) ? [] : [`it demands ${obligations.join(", ") || "nothing"}`]),
    ...(one.by === undefined || isSame(verdict.policies, one.by) ? [] : [`it is decided by ${verdict.policies.join(", ") || "no policy"}`]),
  ];
  const { effect, policies } = verdict;
  return {
    name: one.name,
    passed: wrong.length === 0,
    effect,
    policies,
    obligations,
    ...(wrong.length === 0 ? {} : { why: wrong.join("; ") }),
  };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

function caseOf(name: string, asked: AskedCase): PolicyCase {
  return { name, request: requestOf(asked), effect: asked.effect, obligations: asked.obligations, by: asked.by };
}

/** The request that a question stands for. */
export function requestOf(asked: Question): PolicyRequest {
  const action = ACTIONS.find((candidate) => asked[candidate] !== undefined) ?? "route";
  return {
    action,
    principal: principalOf(asked),
    resource: {
      name: asked[action] ?? "",
      risk: asked.risk ?? "",
      tags: asked.tags,
      agent: asked.as_agent ?? "",
      owner: action === "route" ? "" : "someone",
    },
    context: {
      tenant: asked.in ?? "own",
      now: Date.parse(asked.at),
      history: asked.history,
      labels: asked.labels,
      channel: asked.channel ?? (action === "route" ? "http" : "session"),
      ...(asked.cost_micros === undefined ? {} : { costMicros: asked.cost_micros }),
    },
  };
}

function principalOf(asked: Question): PolicyRequest["principal"] {
  const { mfa_age: age, actor, client } = asked;
  return {
    id: "someone",
    tenant: "own",
    kind: asked.kind,
    roles: asked.roles ?? [asked.role],
    groups: asked.groups,
    capabilities: asked.capabilities ?? ROLES[asked.role],
    amr: asked.amr,
    ...(age === undefined ? {} : { mfaAgeSeconds: Math.floor(durationMs(age) / 1_000) }),
    ...(actor === undefined ? {} : { actor }),
    ...(client === undefined ? {} : { client }),
  };
}

function at(path: string, message: string): ProblemDetail {
  return { pointer: path === "" ? "/cases" : `/cases/${path}`, message };
}

function refused(errors: readonly ProblemDetail[]): Problem {
  const [first] = errors;
  const place = first?.line === undefined ? "" : `, line ${first.line}, column ${first.column}`;
  return new Problem("invalid-policy", `The cases cannot be taken: ${first?.pointer}${place}: ${first?.message}.`, { errors });
}
