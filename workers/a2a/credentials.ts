import { z } from "zod";
import { Problem } from "../platform/problem.ts";
import { settings } from "../platform/settings.ts";

/** A credential that an operator gave the platform for one other agent. */
const credentialSchema = z.strictObject({
  /** Where it may be sent: scheme, host and port of the agent. It goes nowhere else, whatever a graph says. */
  origin: z.url({ protocol: /^https?$/ }),
  /** The whole header, for example `Bearer …`. */
  authorization: z.string().min(1).max(8_192),
  /** The tenants whose graphs may use it; `*` for every tenant of this platform. */
  tenants: z.array(z.string()).min(1),
});
const credentialsSchema = z.record(z.string(), credentialSchema);

/**
 * The header `Authorization` for an agent at `url`, from the credential that a graph names; undefined when it names none.
 * @throws Problem `forbidden` when the operator has not given this tenant such a credential for that place, `unavailable` when the setting cannot be read
 */
export function authorizationFor(env: Env, tenant: string, name: string | undefined, url: string): string | undefined {
  if (name === undefined) return undefined;
  const credential = credentialsOf(env)[name];
  const isForThis =
    credential?.tenants.some((named) => named === tenant || named === "*") === true &&
    new URL(credential.origin).origin === new URL(url).origin;
  if (!isForThis) {
    const where = new URL(url).origin;
    throw new Problem(
      "forbidden",
      `There is no credential ${name} that this tenant may use at ${where}; an operator sets SOMA_A2A_CREDENTIALS.`,
    );
  }
  return credential.authorization;
}

function credentialsOf(env: Env): z.infer<typeof credentialsSchema> {
  const text = settings(env).SOMA_A2A_CREDENTIALS;
  if (text === undefined) return {};
  try {
    return credentialsSchema.parse(JSON.parse(text));
  } catch {
    throw new Problem("unavailable", "The setting SOMA_A2A_CREDENTIALS of this platform is not valid; an operator has to mend it.");
  }
}
