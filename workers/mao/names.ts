import { z } from "zod";

/** Names are identifiers of CEL, so that `${steps.name.output}` reads as it is written. */
export const stepNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, { message: "expected a lower-case identifier of at most 64 characters" });

export const agentNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, { message: "expected an agent's name: lower-case letters, digits and hyphens, at most 64" });

/** `500ms`, `30s`, `10m`, `24h`, `7d`. */
export const durationSchema = z.string().regex(/^\d{1,9}(ms|s|m|h|d)$/, { message: "expected a duration such as 30s, 10m or 24h" });

/** What one can write after `uses:`, and an example of each. */
const KINDS = [
  /^tool:[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/,
  /^agent:[a-z][a-z0-9-]{0,63}$/,
  /^team:(round-robin|selector|swarm|magentic|hierarchical|graph)$/,
  /^capsule:[a-z][a-z0-9-]*@[~^0-9][0-9A-Za-z.^~-]*$/,
  /^run:(inline|[a-z][a-z0-9-]{0,63}(@\d{1,6})?)$/,
  /^human:(approve|input)$/,
  /^timer:(wait|until)$/,
  /^signal:[a-z][a-z0-9_]{0,63}$/,
  /^a2a:[a-z][a-z0-9-]{0,63}$/,
] as const;

/** `tool:data.query`, `agent:analyst`, `team:selector`, `capsule:rank@^1`, `run:monthly-report@3`, `human:approve`, `timer:wait`, `signal:paid`, `a2a:supplier`. */
export const usesSchema = z
  .string()
  .max(200)
  .refine((uses) => KINDS.some((kind) => kind.test(uses)), {
    message:
      "expected tool:<group>.<verb>, agent:<name>, team:<pattern>, capsule:<name>@<range>, run:<template>[@<version>], run:inline, human:approve, human:input, timer:wait, timer:until, signal:<name> or a2a:<agent>",
  });
