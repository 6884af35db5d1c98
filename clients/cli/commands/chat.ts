import { text } from "node:stream/consumers";
import { must, type SomaClient } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { type Conversation, recall, say } from "../conversation.ts";
import { EXIT, type ExitCode, UsageError } from "../exit-codes.ts";
import { checkFile, readText, uploadFiles } from "../files.ts";
import { ask } from "../prompt.ts";
import { PLATFORM_OPTIONS, withPlatform } from "../with-platform.ts";

const TITLE_CHARACTERS = 80;
const QUOTES = '"""';
const HINT =
  'End a line with \\ to go on in the next, or write """ before and after several. /attach FILE adds a file, /exit or Ctrl-D ends.';

export const chat: Command = defineCommand({
  name: "chat",
  summary: "Talk with an agent: the answer streams, its calls are shown, and you are asked where policy wants a person.",
  options: {
    session: { type: "string", value: "ID", about: "go on with this session, also with an answer that is still coming" },
    message: { type: "string", value: "TEXT", about: "say this and end: words, @file, or - for standard input" },
    attach: { type: "string", multiple: true, isGreedy: true, value: "FILE…", about: "files to ask about" },
    agent: { type: "string", value: "NAME", about: "the agent of a new session", default: "analyst" },
    ...PLATFORM_OPTIONS,
  },
  examples: [
    "soma chat --attach sales.csv",
    'soma chat --attach sales.csv --message "Which region has the largest mean amount?"',
    "soma chat --session ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2 --json --message @question.txt",
  ],
  notes: `${HINT}\nWith --json each event is a line. Without a terminal the message is read from standard input.`,
  run: async ({ options, output, signal }) => {
    const files = options.attach ?? [];
    for (const file of files) checkFile(file, "--attach");
    const message = await oneShot(options.message, output.canAsk);
    return withPlatform({ ...options, output }, async (client) => {
      const session = options.session ?? (await newSession(client, options.agent, message ?? "Chat", signal));
      const conversation: Conversation = { client, session, output, signal };
      try {
        output.say(`Session ${session}`);
        const recalled = options.session === undefined ? EXIT.ok : await recall(conversation);
        if (recalled !== EXIT.ok) return recalled;
        const attachments = (await uploadFiles(client, files, signal)).map((artifact) => artifact.id);
        return message === undefined ? await converse(conversation, attachments) : await say(conversation, message, attachments);
      } catch (error) {
        if (signal.aborted) process.stderr.write(`\nGo on with: soma chat --session ${session}\n`);
        throw error;
      }
    });
  },
});

/** The one message of a chat that is not held on a terminal; undefined for one that is. */
async function oneShot(option: string | undefined, canAsk: boolean): Promise<string | undefined> {
  if (option !== undefined) return option === "-" || option.startsWith("@") ? readText(option, "the message") : option;
  if (canAsk) return undefined;
  if (process.stdin.isTTY) throw new UsageError("There is nothing to say: give --message.");
  const message = await text(process.stdin);
  if (message.trim() === "") throw new UsageError("There is nothing to say: give --message, or write it to standard input.");
  return message;
}

async function newSession(client: SomaClient, agent: string, firstWords: string, signal: AbortSignal): Promise<string> {
  const title = firstWords.replaceAll(/\s+/g, " ").trim().slice(0, TITLE_CHARACTERS);
  return (await must(client.api.POST("/v1/sessions", { body: { title, agent }, signal }))).id;
}

/** Message after message, until the person ends it. A turn that fails does not end the conversation. */
async function converse(conversation: Conversation, attached: string[]): Promise<ExitCode> {
  const { client, output, signal } = conversation;
  output.say(`${HINT}\n`);
  let attachments = attached;
  const history: string[] = [];
  for (;;) {
    const message = await readMessage(signal, history);
    if (message === undefined || message === "/exit" || message === "/quit") return EXIT.ok;
    if (message.startsWith("/attach ")) {
      const path = message.slice("/attach ".length).trim();
      try {
        checkFile(path, "what to attach");
        attachments = [...attachments, ...(await uploadFiles(client, [path], signal)).map((artifact) => artifact.id)];
        output.say(`It goes with your next message.`);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        output.say(error.message);
      }
    } else if (message.trim() !== "") {
      await say(conversation, message, attachments);
      attachments = [];
    }
  }
}

/** What a person types: a line, lines that end with \\, or everything between """ and """. */
async function readMessage(signal: AbortSignal, history: string[]): Promise<string | undefined> {
  const lines: string[] = [];
  const next = async () => {
    const line = await ask(lines.length === 0 ? "> " : "… ", signal, history);
    if (line !== undefined && line.trim() !== "") history.unshift(line);
    return line;
  };
  let line = await next();
  if (line?.trim() === QUOTES) {
    for (line = await next(); line !== undefined && line.trim() !== QUOTES; line = await next()) lines.push(line);
    return lines.join("\n");
  }
  for (; line?.endsWith("\\"); line = await next()) lines.push(line.slice(0, -1));
  return line === undefined && lines.length === 0 ? undefined : [...lines, line ?? ""].join("\n");
}
