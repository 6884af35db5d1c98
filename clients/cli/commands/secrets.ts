import { done, must, type Schemas } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";

const list = defineCommand({
  name: "secrets list",
  summary: "List secrets by name, never their values.",
  options: LIST_OPTIONS,
  examples: ["soma secrets list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/secrets", { params: { query }, signal })),
      row: (secret) => [secret.name, `version ${secret.version}`, localTime(secret.createdAt), secret.hosts.join(" ")],
      none: "There are no secrets.",
    });
    return EXIT.ok;
  },
});

const put = defineCommand({
  name: "secrets put",
  summary: "Store a secret, or a new version of it. Its value is read from standard input.",
  operands: [{ name: "NAME", about: "small letters, digits, dots and dashes" }],
  options: { host: { type: "string", multiple: true, value: "HOST", about: "a host that tools may send it to; say it once for each" } },
  examples: ["soma secrets put github-token --host api.github.com < token.txt"],
  notes:
    "A value on the command line would be in the shell's history and seen by everyone on the machine. One line end behind it is dropped.",
  run: async ({ operands: [name = ""], options, output, signal }) => {
    const value = (await standardInput()).replace(/\r?\n$/, "");
    if (value === "") throw new UsageError("Give the value on standard input: soma secrets put NAME < FILE.");
    const { api } = await connected();
    const body = { value, hosts: options.host ?? [] };
    const secret: Schemas["Secret"] = await must(api.PUT("/v1/secrets/{name}", { params: { path: { name } }, body, signal }));
    output.result(secret, `Stored ${secret.name}, version ${secret.version}.`);
    return EXIT.ok;
  },
});

const remove = defineCommand({
  name: "secrets delete",
  summary: "Delete a secret with all its versions.",
  operands: [{ name: "NAME", about: "as secrets list shows it" }],
  options: {},
  examples: ["soma secrets delete github-token"],
  run: async ({ operands: [name = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/secrets/{name}", { params: { path: { name } }, signal }));
    output.result({ deleted: name }, `Deleted ${name}.`);
    return EXIT.ok;
  },
});

const rotate = defineCommand({
  name: "secrets rotate",
  summary: "Seal the tenant's secrets with a new key.",
  options: {},
  examples: ["soma secrets rotate"],
  run: async ({ output, signal }) => {
    const { api } = await connected();
    let resealed = 0;
    for (;;) {
      const slice = await must(api.POST("/v1/secret-keys/rotate", { signal }));
      resealed += slice.resealed;
      if (!slice.isDone) continue;
      output.result({ dataKey: slice.dataKey, resealed }, `Sealed ${resealed} versions of secrets with key ${slice.dataKey}.`);
      return EXIT.ok;
    }
  },
});

async function standardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

export const secretCommands: readonly Command[] = [list, put, remove, rotate];
