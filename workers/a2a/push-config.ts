import { checkedAddress } from "../platform/address.ts";
import { wayOut } from "../platform/outbound.ts";
import { OPERATOR_TENANT } from "../platform/principal.ts";
import { type Place, seal } from "../secrets/envelope.ts";
import { type Caller, runOf } from "./caller.ts";
import { A2aError } from "./errors.ts";
import type { PushConfig } from "./protocol.ts";
import { type PushTarget, pushTargetsSchema } from "./task-thread.ts";

/** A configuration as it is shown (§4.3.1): with everything but the token and the credentials, which open something and are for the receiver alone. */
export type ShownPushConfig = { readonly taskId: string } & Pick<PushConfig, "id" | "url"> & {
    readonly authentication?: { readonly scheme: string };
  };

/**
 * CreateTaskPushNotificationConfig (§3.1.7). Token and credentials are sealed before they are kept.
 * @throws Problem `address-not-allowed` (§13.2), `limit-exceeded`; `unavailable` when there is a secret and no key to seal it with
 */
export async function keepPushConfig(caller: Caller, config: PushConfig & { taskId: string }): Promise<ShownPushConfig> {
  const { env } = caller;
  const { taskId, url, token, authentication } = config;
  checkedAddress(url, wayOut(env).allowed);
  const secret = {
    ...(token === undefined ? {} : { token }),
    ...(authentication?.credentials === undefined ? {} : { credentials: authentication.credentials }),
  };
  const id = config.id ?? crypto.randomUUID();
  const target: Omit<PushTarget, "through"> = {
    id,
    url,
    ...(authentication === undefined ? {} : { scheme: authentication.scheme }),
    ...(Object.keys(secret).length === 0 ? {} : { sealed: await seal(env, pushPlace(id, url), JSON.stringify(secret)) }),
  };
  await runOf(caller, taskId).task({ kind: "set-push", target });
  return shown(taskId, target);
}

/** GetTaskPushNotificationConfig (§3.1.8). @throws A2aError `TASK_NOT_FOUND` when there is no such configuration */
export async function readPushConfig(caller: Caller, { taskId, id }: { taskId: string; id: string }): Promise<ShownPushConfig> {
  const found = (await listPushConfigs(caller, taskId)).find((config) => config.id === id);
  if (found === undefined)
    throw new A2aError("TASK_NOT_FOUND", `The task has no notification configuration ${id}.`, { about: { taskId, configId: id } });
  return found;
}

/** ListTaskPushNotificationConfigs (§3.1.9): all of them, since a task has few. */
export async function listPushConfigs(caller: Caller, taskId: string): Promise<ShownPushConfig[]> {
  const targets = pushTargetsSchema.parse(JSON.parse(await runOf(caller, taskId).task({ kind: "pushes" })));
  return targets.map((target) => shown(taskId, target));
}

/** DeleteTaskPushNotificationConfig (§3.1.10). Deleting what is gone is fine. */
export async function deletePushConfig(caller: Caller, { taskId, id }: { taskId: string; id: string }): Promise<void> {
  await runOf(caller, taskId).task({ kind: "remove-push", id });
}

function shown(taskId: string, { id, url, scheme }: Omit<PushTarget, "through">): ShownPushConfig {
  return { taskId, id, url, ...(scheme === undefined ? {} : { authentication: { scheme } }) };
}

/** Where the secret of a configuration is sealed: it is sent to its own address and to no other. */
export function pushPlace(id: string, url: string): Place {
  return { tenant: OPERATOR_TENANT, purpose: `a2a-push/${id}/${url}` };
}
