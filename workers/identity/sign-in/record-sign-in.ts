import { recordChange } from "../../audit/record.ts";
import type { Clock } from "../../platform/clock.ts";
import { parseId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import type { UserRow } from "../users/store.ts";

/** Records what somebody did about their own way in, where there is no credential yet to have decided on. */
export async function recordSignIn(
  env: Env,
  clock: Clock,
  user: Pick<UserRow, "id" | "tenant">,
  action: string,
  resource?: string,
): Promise<void> {
  const principal: Principal = {
    tenant: parseId("tenant", user.tenant),
    subject: user.id,
    kind: "user",
    roles: [],
    capabilities: [],
    credential: "sign-in",
  };
  await recordChange(env, clock, principal, { action, resource: resource ?? user.id });
}
