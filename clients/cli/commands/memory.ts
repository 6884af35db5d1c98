import { done, must, type Schemas } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT } from "../exit-codes.ts";
import { readText } from "../files.ts";
import { LIST_OPTIONS, localTime, printList, wholeNumber } from "../listing.ts";
import { columns } from "../output.ts";

const EXAMPLE_ID = "mem_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
const NONE = "Nothing is remembered yet. Begin with soma memory remember.";

const row = (memory: Schemas["Memory"]) => [memory.id, localTime(memory.updatedAt), memory.about ?? "", memory.text];

const remember = defineCommand({
  name: "memory remember",
  summary: "Remember something for all your later conversations. The same words again are counted, not stored twice.",
  operands: [{ name: "TEXT", about: "what to remember: words, @file, or - for standard input" }],
  options: {
    about: { type: "string", value: "SUBJECT", about: "what it is about; a later memory about the same replaces it" },
    corrects: { type: "string", value: "ID", about: "the memory that this one replaces" },
  },
  examples: ['soma memory remember "Reports go to Ada on Mondays." --about "recipient of reports"'],
  run: async ({ operands: [word = ""], options: { about, corrects }, output, signal }) => {
    const text = word === "-" || word.startsWith("@") ? await readText(word, "what to remember") : word;
    const body = { text, ...(about === undefined ? {} : { about }), ...(corrects === undefined ? {} : { corrects }) };
    const { api } = await connected();
    const remembered = await must(api.POST("/v1/remember", { body, signal }));
    const words = { stored: "Remembered as", merged: "Known already, told again:", corrected: "Corrected:" }[remembered.outcome];
    output.result(remembered, `${words} ${remembered.memory.id}`);
    return EXIT.ok;
  },
});

const recall = defineCommand({
  name: "memory recall",
  summary: "Find what was remembered, best first.",
  operands: [{ name: "QUERY", about: "a question or a few words" }],
  options: { limit: { ...LIST_OPTIONS.limit, default: "8" } },
  examples: ['soma memory recall "Who gets the reports?"'],
  run: async ({ operands: [query = ""], options, output, signal }) => {
    const { api } = await connected();
    const { items } = await must(api.POST("/v1/recall", { body: { query, limit: wholeNumber(options.limit, "--limit") }, signal }));
    output.result(
      { items },
      columns(
        items.map(({ memory }) => row(memory)),
        "Nothing remembered resembles that.",
      ),
    );
    return EXIT.ok;
  },
});

const list = defineCommand({
  name: "memory list",
  summary: "List what is remembered, newest first.",
  options: LIST_OPTIONS,
  examples: ["soma memory list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/memories", { params: { query }, signal })),
      row,
      none: NONE,
    });
    return EXIT.ok;
  },
});

const forget = defineCommand({
  name: "memory forget",
  summary: "Forget a memory for good: nothing of it is left.",
  operands: [{ name: "ID", about: "the memory: mem_…" }],
  options: {},
  examples: [`soma memory forget ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/memories/{id}", { params: { path: { id } }, signal }));
    output.result({ forgotten: id }, `Forgot ${id}.`);
    return EXIT.ok;
  },
});

export const memoryCommands: readonly Command[] = [remember, recall, list, forget];
