import { done, must } from "../../sdk/client.ts";
import { pages } from "../../sdk/pages.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";
import { shown, shownShort } from "../output.ts";

const ID = { name: "ID", about: "the session: ses_…" } as const;
const EXAMPLE_ID = "ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
/** Messages of one session that are shown; the rest is there with --json by the events. */
const MESSAGES_SHOWN = 200;

const list = defineCommand({
  name: "sessions list",
  summary: "List sessions, newest first.",
  options: LIST_OPTIONS,
  examples: ["soma sessions list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/sessions", { params: { query }, signal })),
      row: (session) => [session.id, session.state, localTime(session.updatedAt), session.title],
      none: "There are no sessions yet. Start one with soma chat.",
    });
    return EXIT.ok;
  },
});

const show = defineCommand({
  name: "sessions show",
  summary: "Show a session: its files, its conversation, and what waits for a person.",
  operands: [ID],
  options: {},
  examples: [`soma sessions show ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const session = await must(api.GET("/v1/sessions/{id}", { params: { path: { id } }, signal }));
    const messages = [];
    for await (const message of pages((query) =>
      must(api.GET("/v1/sessions/{id}/messages", { params: { path: { id }, query }, signal })),
    )) {
      messages.push(message);
      if (messages.length >= MESSAGES_SHOWN) break;
    }
    const words = [
      `${shownShort(session.title || session.id, 100)}  ${session.state}${session.isBusy ? ", answering" : ""}`,
      ...session.files.map((file) => `  ${file.kind} ${shownShort(file.name, 100)}`),
      ...messages.map((message) =>
        message.role === "user" ? `\n> ${shown(message.text)}` : shown(message.text || message.problem?.detail || "…"),
      ),
      ...session.approvals.map(
        (approval) =>
          `\n‖ ${approval.tool} ${shownShort(approval.input, 200)}\n  ${shown(approval.reason)}\n  Decide with: soma sessions approve|refuse ${id} ${approval.step}`,
      ),
    ];
    output.result({ ...session, messages }, words.join("\n"));
    return EXIT.ok;
  },
});

const close = defineCommand({
  name: "sessions close",
  summary: "Close a session; a turn that runs is ended with it.",
  operands: [ID],
  options: {},
  examples: [`soma sessions close ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const session = await must(api.POST("/v1/sessions/{id}/close", { params: { path: { id } }, signal }));
    output.result(session, `Closed ${session.id}.`);
    return EXIT.ok;
  },
});

/** A person's word on a call that waits for it. */
function decide(decision: "approve" | "refuse", summary: string): Command {
  return defineCommand({
    name: `sessions ${decision}`,
    summary,
    operands: [
      ID,
      { name: "STEP", about: "the call that waits, as sessions show names it" },
      { name: "NOTE", about: "what to say with it", isOptional: true },
    ],
    options: {},
    examples: [`soma sessions ${decision} ${EXAMPLE_ID} trn_01KAJ2M3N4P5Q6R7S8T9V0W1X2/m1/c1/approval`],
    run: async ({ operands: [id = "", step = "", note], output, signal }) => {
      const { api } = await connected();
      const body = { decision, ...(note === undefined ? {} : { note }) };
      await done(api.POST("/v1/sessions/{id}/approvals/{step}", { params: { path: { id, step } }, body, signal }));
      output.result({ session: id, step, decision }, `The turn goes on. Follow it with: soma chat --session ${id}`);
      return EXIT.ok;
    },
  });
}

export const sessionCommands: readonly Command[] = [
  list,
  show,
  close,
  decide("approve", "Let an agent make a call that waits for a person."),
  decide("refuse", "Refuse an agent a call that waits for a person."),
];
