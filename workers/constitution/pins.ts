import { putBounded } from "../platform/bounded-map.ts";
import type { ConstitutionPin } from "../platform/recorded.ts";
import { governanceOf } from "../policy/governance-of.ts";
import { type GuardHost, policyHashOf } from "../policy/guard.ts";
import { platformDocument } from "./base.ts";
import { constitutionOf } from "./effective.ts";
import { keepText, keptDocument } from "./kept-documents.ts";
import { constitutionPrompt } from "./prompt.ts";

/** Whose texts of the platform's own are kept: no tenant has this name. */
const PLATFORM = "platform";
/** Prompts at hand in one isolate: 20,000 characters each at most. */
const MAX_PROMPTS_AT_HAND = 100;

const promptsAtHand = new Map<string, string>();
/** Texts of the platform that this isolate has seen stored. */
const keptHere = new WeakMap<R2Bucket, Set<string>>();

/** What a session, run or project is bound by from its beginning, as its first event records it. */
export interface Pins {
  readonly policyHash: string;
  readonly constitution: ConstitutionPin;
}

/**
 * What governs a tenant at this moment, to be recorded with what begins now.
 * @throws what the ledger or the storage throws: nothing begins that nobody can say what it was bound by
 */
export async function pinsOf(host: GuardHost, tenant: string): Promise<Pins> {
  const governance = await governanceOf(host.env, host.clock, tenant);
  const { hash, platform, tenant: own } = await constitutionOf(host.env, tenant, governance.constitution);
  await keepPlatformText(host.env);
  const constitution = { hash, platform: platform.sha256, ...(own === undefined ? {} : { tenant: own.sha256 }) };
  return { policyHash: await policyHashOf(host, tenant), constitution };
}

/**
 * What agents are told of the constitution that a session, run or project began under, also when another is in force by now: what they were told does not change
 * under them. What is forbidden now is decided by the guard, not by what they were told.
 * @param pin none for what began before constitutions were pinned: then the one in force
 */
export async function pinnedPrompt(host: GuardHost, tenant: string, pin: ConstitutionPin | undefined): Promise<string> {
  const pinned = pin ?? (await pinsOf(host, tenant)).constitution;
  const key = `${tenant}/${pinned.hash}`;
  const known = promptsAtHand.get(key);
  if (known !== undefined) return known;
  const base = platformDocument();
  const platform = pinned.platform === base.sha256 ? base : await keptDocument(host.env, PLATFORM, pinned.platform);
  const own = pinned.tenant === undefined ? undefined : await keptDocument(host.env, tenant, pinned.tenant);
  const prompt = constitutionPrompt({ hash: pinned.hash, platform, tenant: own });
  putBounded(promptsAtHand, key, prompt, MAX_PROMPTS_AT_HAND);
  return prompt;
}

/** The platform's text comes with the build, and what is pinned today is asked for when another build runs. */
async function keepPlatformText(env: Env): Promise<void> {
  const document = platformDocument();
  const kept = keptHere.get(env.ARTIFACTS) ?? new Set();
  if (kept.has(document.sha256)) return;
  await keepText(env, PLATFORM, document);
  keptHere.set(env.ARTIFACTS, kept.add(document.sha256));
}
