import { z } from "zod";
import type { Clock } from "../platform/clock.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { dataKeyOf, open, type Place, seal } from "./envelope.ts";
import { countSecrets, deleteVersionsBefore, insertSecret, listVersions, type SecretRow } from "./store.ts";

/** Secrets of one tenant: names of connections, not of data. */
const MAX_SECRETS = 1_000;
/** Versions that are kept, so that work which began with an older one can end. */
export const MAX_VERSIONS = 5;
/** Two that write at the same time get versions one after the other; more than so many at once is a mistake. */
const MAX_TRIES = 5;

const hostsSchema = z.array(z.string());

/** Where a version of a secret is sealed: it opens as this version of this secret of this tenant and as nothing else. */
export function placeOf({ tenant, name, version }: Pick<SecretRow, "tenant" | "name" | "version">): Place {
  return { tenant, purpose: `secret/${name}/${version}` };
}

/** Keeps a new version of a secret. @throws Problem `limit-exceeded`, `conflict`, `unavailable` */
export async function putSecret(
  env: Env,
  clock: Clock,
  principal: Principal,
  { name, value, hosts }: { name: string; value: string; hosts: readonly string[] },
): Promise<SecretRow> {
  const { tenant, subject } = principal;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const newest = (await listVersions(env, tenant, name, 1))[0];
    if (newest === undefined && (await countSecrets(env, tenant)) >= MAX_SECRETS)
      throw new Problem("limit-exceeded", `A tenant has ${MAX_SECRETS} secrets at most; delete one that is not used.`);
    const version = (newest?.version ?? 0) + 1;
    const sealed = await seal(env, placeOf({ tenant, name, version }), value);
    const row: SecretRow = {
      tenant,
      name,
      version,
      sealed,
      dataKey: dataKeyOf(sealed),
      hosts: JSON.stringify(hosts),
      createdBy: subject,
      createdAt: clock.now(),
    };
    if (!(await insertSecret(env, row))) continue;
    await deleteVersionsBefore(env, tenant, name, version - MAX_VERSIONS + 1);
    return row;
  }
  throw new Problem("conflict", `The secret ${name} is being written by others; try again.`);
}

/** The hosts that a secret may be sent to. */
export function hostsOf({ hosts }: SecretRow): string[] {
  return hostsSchema.parse(JSON.parse(hosts));
}

/**
 * The value of a secret, for a tool that sends it to a host, and for nobody else.
 * @throws Problem `not-found`, `forbidden` when it may not be sent there
 */
export async function secretFor(env: Env, tenant: string, name: string, url: URL): Promise<string> {
  const row = (await listVersions(env, tenant, name, 1))[0];
  if (row === undefined) throw new Problem("not-found", `There is no secret ${name} in this tenant.`);
  if (!hostsOf(row).includes(url.host)) throw new Problem("forbidden", `The secret ${name} may not be sent to ${url.host}.`);
  return open(env, placeOf(row), row.sealed);
}
