import { maxSatisfying } from "semver";
import { putBounded } from "../platform/bounded-map.ts";
import { Problem } from "../platform/problem.ts";
import { type CapsuleManifest, capsuleManifestSchema } from "./manifest.ts";
import { builtinCapsule } from "./registry.ts";

/** Versions of one capsule of one tenant. */
const MAX_VERSIONS = 200;
/** An isolate looks again for new versions after this long: how late one that was published elsewhere may be seen. */
const LOOK_AGAIN_MS = 15_000;
/** Names whose versions one isolate has at hand, and manifests: these never change, and have at most the size of a request. */
const MAX_NAMES_AT_HAND = 500;
const MAX_MANIFESTS_AT_HAND = 50;

interface KnownVersions {
  readonly versions: readonly string[];
  readonly readAt: number;
}

const versionsAtHand = new Map<string, KnownVersions>();
const manifestsAtHand = new Map<string, CapsuleManifest>();

/**
 * The capsule that a reference means for a tenant: the newest version of its own that the range allows, else the newest that comes with the platform. It
 * touches no D1: versions are listed in R2, and kept at hand for seconds.
 * @param reference `<name>@<semver range>`, for example `rank@^1`
 * @throws Problem `not-found`
 */
export async function findCapsule(env: Env, tenant: string, reference: string): Promise<CapsuleManifest> {
  const { name, range } = splitReference(reference);
  const version = maxSatisfying([...(await tenantVersions(env, tenant, name))], range);
  if (version !== null) return readTenantCapsule(env, tenant, name, version);
  return builtinCapsule(reference);
}

/** One version of a tenant's own capsule. @throws Problem `not-found` */
export async function readTenantCapsule(env: Env, tenant: string, name: string, version: string): Promise<CapsuleManifest> {
  const key = capsuleKey(tenant, name, version);
  const known = manifestsAtHand.get(key);
  if (known !== undefined) return known;
  const object = await env.ARTIFACTS.get(key);
  if (object === null) throw new Problem("not-found", `There is no capsule ${name} in version ${version}.`);
  const manifest = capsuleManifestSchema.parse(await object.json());
  putBounded(manifestsAtHand, key, manifest, MAX_MANIFESTS_AT_HAND);
  return manifest;
}

/**
 * Stores a version of a tenant's own capsule; versions never change.
 * @returns false when the very same is stored already
 * @throws Problem `conflict` when this version is another, `limit-exceeded` when there are too many
 */
export async function publishCapsule(env: Env, tenant: string, manifest: CapsuleManifest): Promise<boolean> {
  const { name, version } = manifest;
  const versions = await listVersions(env, tenant, name);
  if (!versions.includes(version) && versions.length >= MAX_VERSIONS)
    throw new Problem(
      "limit-exceeded",
      `The capsule ${name} has ${MAX_VERSIONS} versions, which is all it may have; publish under another name.`,
    );
  const text = JSON.stringify(manifest);
  const key = capsuleKey(tenant, name, version);
  const stored = await env.ARTIFACTS.put(key, text, {
    onlyIf: { etagDoesNotMatch: "*" },
    httpMetadata: { contentType: "application/json" },
  });
  versionsAtHand.delete(`${tenant}/${name}`);
  if (stored !== null) return true;
  const before = await env.ARTIFACTS.get(key);
  if (before !== null && (await before.text()) === text) return false;
  throw new Problem("conflict", `The capsule ${name} has a version ${version} already, and versions never change; publish the next one.`);
}

/** The name and range of a reference. */
function splitReference(reference: string): { name: string; range: string } {
  const [name = "", range = "*"] = reference.split("@");
  return { name, range };
}

async function tenantVersions(env: Env, tenant: string, name: string): Promise<readonly string[]> {
  const key = `${tenant}/${name}`;
  const known = versionsAtHand.get(key);
  if (known !== undefined && Date.now() - known.readAt < LOOK_AGAIN_MS) return known.versions;
  const versions = await listVersions(env, tenant, name);
  putBounded(versionsAtHand, key, { versions, readAt: Date.now() }, MAX_NAMES_AT_HAND);
  return versions;
}

async function listVersions(env: Env, tenant: string, name: string): Promise<string[]> {
  const prefix = capsuleKey(tenant, name, "").replace(/\.json$/, "");
  const { objects } = await env.ARTIFACTS.list({ prefix, limit: MAX_VERSIONS + 1 });
  return objects.map(({ key }) => key.slice(prefix.length).replace(/\.json$/, ""));
}

function capsuleKey(tenant: string, name: string, version: string): string {
  return `${tenant}/capsules/${name}/${version}.json`;
}
