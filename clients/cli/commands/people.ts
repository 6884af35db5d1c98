import { done, must } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";

const USER = { name: "ID", about: "the user: usr_…" } as const;

const listUsers = defineCommand({
  name: "users list",
  summary: "List the users of the organisation, in the order they were made.",
  options: { ...LIST_OPTIONS, search: { type: "string", value: "TEXT", about: "only those whose address or name begins so" } },
  examples: ["soma users list", "soma users list --search ada"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    const filter = options.search === undefined ? {} : { search: options.search };
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/users", { params: { query: { ...query, ...filter } }, signal })),
      row: (user) => [user.id, user.email, user.displayName, user.roles.join(" "), user.active ? "" : "deactivated"],
      none: "There are no users.",
    });
    return EXIT.ok;
  },
});

const invite = defineCommand({
  name: "users invite",
  summary: "Create a user and send it an invitation.",
  operands: [{ name: "EMAIL", about: "the address" }],
  options: {
    name: { type: "string", value: "NAME", about: "the name to show" },
    role: { type: "string", value: "ROLE", about: "a role to give it, as roles list names it", default: "member" },
  },
  examples: ['soma users invite ada@example.org --name "Ada Lovelace"'],
  run: async ({ operands: [email = ""], options, output, signal }) => {
    const { api } = await connected();
    const name = options.name === undefined ? {} : { displayName: options.name };
    const body = { email, ...name, roles: [options.role ?? "member"], invite: true };
    const user = await must(api.POST("/v1/users", { body, signal }));
    output.result(user, `Invited ${user.email} as ${user.id}. Where no e-mail is set up, soma letters shows the invitation.`);
    return EXIT.ok;
  },
});

const setRoles = defineCommand({
  name: "users roles",
  summary: "Give a user exactly these roles; rights that it loses are gone within two seconds.",
  operands: [USER, { name: "ROLES", about: "names with commas between; - for none" }],
  options: {},
  examples: ["soma users roles usr_01KAJ2M3N4P5Q6R7S8T9V0W1X2 member,analyst"],
  run: async ({ operands: [id = "", names = ""], output, signal }) => {
    const { api } = await connected();
    const roles = names === "-" ? [] : names.split(",");
    const user = await must(api.PUT("/v1/users/{id}/roles", { params: { path: { id } }, body: { roles }, signal }));
    output.result(user, `${user.email} has ${user.roles.length === 0 ? "no roles of its own" : user.roles.join(", ")}.`);
    return EXIT.ok;
  },
});

const setActive = (verb: "deactivate" | "activate", active: boolean): Command =>
  defineCommand({
    name: `users ${verb}`,
    summary: active ? "Let a user in again." : "Let a user in no more, and sign it out everywhere.",
    operands: [USER],
    options: {},
    examples: [`soma users ${verb} usr_01KAJ2M3N4P5Q6R7S8T9V0W1X2`],
    run: async ({ operands: [id = ""], output, signal }) => {
      const { api } = await connected();
      const user = await must(api.PATCH("/v1/users/{id}", { params: { path: { id } }, body: { active }, signal }));
      output.result(user, `${user.email} is ${active ? "active" : "deactivated"}.`);
      return EXIT.ok;
    },
  });

const removeUser = defineCommand({
  name: "users delete",
  summary: "Remove a user and end all that was issued to it.",
  operands: [USER],
  options: {},
  examples: ["soma users delete usr_01KAJ2M3N4P5Q6R7S8T9V0W1X2"],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/users/{id}", { params: { path: { id } }, signal }));
    output.result({ deleted: id }, `Removed ${id}.`);
    return EXIT.ok;
  },
});

const letters = defineCommand({
  name: "letters",
  summary: "Show the letters to people whose links still open; the text of those that were not sent is yours to hand over.",
  options: LIST_OPTIONS,
  examples: ["soma letters"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/notifications", { params: { query }, signal })),
      row: (letter) => [letter.recipient, letter.subject, letter.state, `until ${localTime(letter.expiresAt)}`, linkIn(letter.text)],
      none: "There are none.",
    });
    return EXIT.ok;
  },
});

function linkIn(text: string | undefined): string {
  return /https?:\S+/.exec(text ?? "")?.[0] ?? "";
}

const listRoles = defineCommand({
  name: "roles list",
  summary: "List roles and what they come to.",
  options: {},
  examples: ["soma roles list"],
  run: async ({ output, signal }) => {
    const { api } = await connected();
    const roles = await must(api.GET("/v1/roles", { signal }));
    output.result(roles, roles.items.map(({ name, capabilities }) => `${name}: ${capabilities.join(" ")}`).join("\n"));
    return EXIT.ok;
  },
});

const listGroups = defineCommand({
  name: "groups list",
  summary: "List groups and the roles that their members have through them.",
  options: LIST_OPTIONS,
  examples: ["soma groups list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/groups", { params: { query }, signal })),
      row: (group) => [group.id, group.displayName, group.origin, group.roles.join(" ")],
      none: "There are no groups.",
    });
    return EXIT.ok;
  },
});

export const peopleCommands: readonly Command[] = [
  listUsers,
  invite,
  setRoles,
  setActive("deactivate", false),
  setActive("activate", true),
  removeUser,
  letters,
  listRoles,
  listGroups,
];
