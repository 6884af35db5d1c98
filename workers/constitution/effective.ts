import { putBounded } from "../platform/bounded-map.ts";
import { sha256Hex } from "../platform/crypto.ts";
import type { Pin } from "../platform/governance.ts";
import { FIRST_QUORUM, type Quorum } from "../platform/quorum.ts";
import { platformDocument } from "./base.ts";
import { type ArticlePolicy, articlePolicies } from "./cedar-part.ts";
import type { ConstitutionText } from "./document.ts";
import { keptDocument } from "./kept-documents.ts";

/** What binds a tenant's agents: the platform's constitution, and the tenant's own where it has one. */
export interface Constitution {
  /** SHA-256 of both texts, one after the other, as `cat platform.md tenant.md | sha256sum` prints it. Each text has one heading of the first level, so that they can be told apart. */
  readonly hash: string;
  readonly platform: ConstitutionText;
  readonly tenant: ConstitutionText | undefined;
  readonly policies: readonly ArticlePolicy[];
  readonly quorum: Quorum;
}

/** Constitutions at hand in one isolate: as many as tenants that have one are served by it at a time; each is at most 200 KB. */
const MAX_AT_HAND = 100;
const atHand = new Map<string, Constitution>();

/**
 * The constitution under a pin of what governs a tenant. Texts never change under their hash: each is read from storage once an isolate.
 * @param pin of the tenant's own document; none when it has none
 * @throws Problem `unavailable` when the text is missing or is not what its hash says: then nothing may be decided
 */
export async function constitutionOf(env: Env, tenant: string, pin: Pin | undefined): Promise<Constitution> {
  const key = `${tenant}/${pin?.hash ?? ""}`;
  const known = atHand.get(key);
  if (known !== undefined) return known;
  const constitution = combined(platformDocument(), pin === undefined ? undefined : await keptDocument(env, tenant, pin.hash));
  putBounded(atHand, key, constitution, MAX_AT_HAND);
  return constitution;
}

/** Two documents as the one constitution that they are together. */
export function combined(platform: ConstitutionText, tenant: ConstitutionText | undefined): Constitution {
  const documents = tenant === undefined ? [platform] : [platform, tenant];
  return {
    hash: sha256Hex(documents.map(({ text }) => text).join("")),
    platform,
    tenant,
    policies: documents.flatMap((document) => articlePolicies(document).policies),
    quorum: tenant?.quorum ?? FIRST_QUORUM,
  };
}
