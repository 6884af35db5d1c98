import { defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT } from "../exit-codes.ts";
import { localTime, wholeNumber } from "../listing.ts";
import { shownShort } from "../output.ts";

const DATA_CHARACTERS = 160;

export const tailEvents = defineCommand({
  name: "events tail",
  summary: "Follow the events of a session or project, each once and in order, over lost connections, until nothing more can come.",
  operands: [{ name: "ID", about: "the session (ses_…) or project (prj_…)" }],
  options: { after: { type: "string", value: "N", about: "number of the last event you have", default: "0" } },
  examples: ["soma events tail prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2", "soma events tail ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2 --after 12 --json"],
  notes: "With --json each event is a line: {seq, at, type, data}.",
  run: async ({ operands: [id = ""], options, output, signal }) => {
    const client = await connected();
    for await (const event of client.events(id, { after: wholeNumber(options.after, "--after"), signal })) {
      const data = shownShort(JSON.stringify(event.data), DATA_CHARACTERS);
      output.result(event, `${String(event.seq).padStart(5)}  ${localTime(event.at)}  ${event.type.padEnd(20)} ${data}`);
    }
    return EXIT.ok;
  },
});
