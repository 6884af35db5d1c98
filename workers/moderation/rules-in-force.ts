import { overlayModeration } from "../compliance/overlays.ts";
import type { ConstitutionText } from "../constitution/document.ts";
import { constitutionOf } from "../constitution/effective.ts";
import { putBounded } from "../platform/bounded-map.ts";
import type { Governance } from "../platform/governance.ts";
import { governanceOf } from "../policy/governance-of.ts";
import type { GuardHost } from "../policy/guard.ts";
import { type Moderator, moderatorOf, type NamedRule } from "./moderate.ts";

/** Sets of rules kept ready in one isolate. */
const MAX_READY = 64;
const ready = new Map<string, Moderator>();

/**
 * The moderator that a tenant's rules in force make: those of the platform's constitution, of the tenant's, and of the overlays that are on.
 * @throws what reading them throws: then nothing passes
 */
export async function moderatorFor(host: GuardHost, tenant: string): Promise<Moderator> {
  const governance = await governanceOf(host.env, host.clock, tenant);
  const key = JSON.stringify([governance.constitution?.hash, governance.overlays]);
  const known = ready.get(key);
  if (known !== undefined) return known;
  const moderator = moderatorOf(await rulesOf(host.env, tenant, governance));
  putBounded(ready, key, moderator, MAX_READY);
  return moderator;
}

async function rulesOf(env: Env, tenant: string, { constitution, overlays }: Governance): Promise<NamedRule[]> {
  const { platform, tenant: own } = await constitutionOf(env, tenant, constitution);
  return [
    ...articleRules(platform),
    ...(own === undefined ? [] : articleRules(own)),
    ...overlayModeration(overlays).map(({ overlay, rule }) => ({ ...rule, name: `overlay.${overlay}.${rule.id}` })),
  ];
}

function articleRules({ articles }: ConstitutionText): NamedRule[] {
  return articles.flatMap(({ id, moderation }) => moderation.map((rule) => ({ ...rule, name: `constitution.${id}.${rule.id}` })));
}
