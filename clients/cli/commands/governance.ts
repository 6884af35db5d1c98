import { done, must } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { isoTime, LIST_OPTIONS, localTime, printList } from "../listing.ts";

const ROLES = ["admin", "member", "viewer"] as const;

const listDeadLetters = defineCommand({
  name: "dead-letters list",
  summary: "List messages that could not be worked off after every retry.",
  options: LIST_OPTIONS,
  examples: ["soma dead-letters list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/operations/dead-letters", { params: { query }, signal })),
      row: (letter) => [
        letter.id,
        localTime(letter.createdAt),
        letter.queue,
        `${letter.attempts} attempts`,
        letter.redrivenAt === undefined ? "" : "redriven",
      ],
      none: "There are none.",
    });
    return EXIT.ok;
  },
});

const redrive = defineCommand({
  name: "dead-letters redrive",
  summary: "Put a dead letter into its queue once more.",
  operands: [{ name: "ID", about: "as dead-letters list names it" }],
  options: {},
  examples: ["soma dead-letters redrive 7f3c"],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const letter = await must(api.POST("/v1/operations/dead-letters/{id}/redrive", { params: { path: { id } }, signal }));
    output.result(letter, `Sent ${letter.id} to ${letter.queue} again.`);
    return EXIT.ok;
  },
});

const createKey = defineCommand({
  name: "keys create",
  summary: "Create an API key. Its secret is shown this once.",
  operands: [{ name: "NAME", about: "what the key is for" }],
  options: {
    role: { type: "string", value: "ROLE", about: `what it may do: ${ROLES.join(", ")}`, default: "member" },
    expires: { type: "string", value: "TIME", about: "when it ends (ISO 8601); never when not given" },
  },
  examples: ['soma keys create "nightly reports"', "soma keys create dashboards --role viewer --expires 2027-01-01 --json"],
  run: async ({ operands: [name = ""], options, output, signal }) => {
    const role = ROLES.find((known) => known === options.role);
    if (role === undefined) throw new UsageError(`--role ${JSON.stringify(options.role)} is none of ${ROLES.join(", ")}.`);
    const expiry = options.expires === undefined ? {} : { expiresAt: isoTime(options.expires, "--expires") };
    const { api } = await connected();
    const key = await must(api.POST("/v1/api-keys", { body: { name, role, ...expiry }, signal }));
    output.result(
      key,
      `${key.secret}\n\nThis is ${key.id} with the role ${key.role}. It is not shown again: keep it where secrets are kept.`,
    );
    return EXIT.ok;
  },
});

const listKeys = defineCommand({
  name: "keys list",
  summary: "List API keys, newest first; never their secrets.",
  options: LIST_OPTIONS,
  examples: ["soma keys list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/api-keys", { params: { query }, signal })),
      row: (key) => [key.id, key.role ?? key.serviceAccount ?? "", `…${key.lastFour}`, stateOf(key), key.name],
      none: "There are no keys.",
    });
    return EXIT.ok;
  },
});

function stateOf(key: { revokedAt?: string | undefined; expiresAt?: string | undefined }): string {
  if (key.revokedAt !== undefined) return `revoked ${localTime(key.revokedAt)}`;
  return key.expiresAt === undefined ? "" : `until ${localTime(key.expiresAt)}`;
}

const rotateKey = defineCommand({
  name: "keys rotate",
  summary: "Put a new key in the place of one, which stands beside it for a while.",
  operands: [{ name: "ID", about: "the key: key_…" }],
  options: { overlap: { type: "string", value: "SECONDS", about: "how long the old one stays; 0 ends it at once", default: "86400" } },
  examples: ["soma keys rotate key_01KAJ2M3N4P5Q6R7S8T9V0W1X2 --overlap 3600"],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    const overlapSeconds = Number(options.overlap);
    if (!Number.isSafeInteger(overlapSeconds))
      throw new UsageError(`--overlap ${JSON.stringify(options.overlap)} is no number of seconds.`);
    const { api } = await connected();
    const key = await must(api.POST("/v1/api-keys/{id}/rotate", { params: { path: { id } }, body: { overlapSeconds }, signal }));
    output.result(key, `${key.secret}\n\nThis is ${key.id}, in the place of ${id}. It is not shown again: keep it where secrets are kept.`);
    return EXIT.ok;
  },
});

const revokeKey = defineCommand({
  name: "keys revoke",
  summary: "End an API key for good.",
  operands: [{ name: "ID", about: "the key: key_…" }],
  options: {},
  examples: ["soma keys revoke key_01KAJ2M3N4P5Q6R7S8T9V0W1X2"],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/api-keys/{id}", { params: { path: { id } }, signal }));
    output.result({ revoked: id }, `Revoked ${id}.`);
    return EXIT.ok;
  },
});

export const governanceCommands: readonly Command[] = [listDeadLetters, redrive, createKey, listKeys, rotateKey, revokeKey];
