import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Command } from "./command.ts";
import { artifactCommands } from "./commands/artifacts.ts";
import { catalogueCommands } from "./commands/catalogue.ts";
import { chat } from "./commands/chat.ts";
import { demo } from "./commands/demo.ts";
import { tailEvents } from "./commands/events.ts";
import { governanceCommands } from "./commands/governance.ts";
import { login, logout, whoami } from "./commands/login.ts";
import { runProject } from "./commands/project-run.ts";
import { projectCommands } from "./commands/projects.ts";
import { sessionCommands } from "./commands/sessions.ts";
import { EXIT, type ExitCode, UsageError } from "./exit-codes.ts";
import { tellFailure } from "./failure.ts";
import { interruption } from "./interruption.ts";
import { nearest } from "./nearest.ts";
import { processOutput } from "./output.ts";
import { ROOT } from "./platform/build.ts";

const COMMANDS: readonly Command[] = [
  demo,
  login,
  logout,
  whoami,
  chat,
  ...sessionCommands,
  runProject,
  ...projectCommands,
  tailEvents,
  ...artifactCommands,
  ...catalogueCommands,
  ...governanceCommands,
];

const EXIT_CODES = `Exit codes: ${EXIT.ok} done, ${EXIT.failed} failed, ${EXIT.usage} wrong use, ${EXIT.needsPerson} a person is needed, ${EXIT.interrupted} interrupted.`;

/** Finds the command that words name, does it, and tells what goes wrong. */
async function soma(args: readonly string[]): Promise<ExitCode> {
  const isJson = args.includes("--json");
  const output = processOutput(isJson);
  const signal = interruption();
  try {
    const words = args[0] === "help" ? [...args.slice(1), "--help"] : args;
    if (words[0] === "--version") {
      output.result({ version: version() }, version());
      return EXIT.ok;
    }
    const command = COMMANDS.find((candidate) => candidate.name.split(" ").every((word, i) => words[i] === word));
    if (command === undefined) return overview(words);
    const rest = words.slice(command.name.split(" ").length);
    const beforeEnd = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
    if (beforeEnd.includes("--help") || beforeEnd.includes("-h")) {
      process.stdout.write(`${command.help}\n`);
      return EXIT.ok;
    }
    return await command.run(rest, { output, signal });
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    return tellFailure(error, isJson);
  }
}

/** What there is, of all or of one group; asked for it is an answer, and else the command line was wrong. */
function overview(words: readonly string[]): ExitCode {
  const [group = "", word] = words.filter((candidate) => !candidate.startsWith("-"));
  const inGroup = COMMANDS.filter((command) => command.name.startsWith(`${group} `));
  const isAsked = words.some((candidate) => candidate === "--help" || candidate === "-h");
  if (group === "" || (isAsked && inGroup.length > 0)) {
    process.stdout.write(`${overviewText(group === "" ? COMMANDS : inGroup)}\n`);
    return EXIT.ok;
  }
  if (inGroup.length > 0 && word === undefined) throw new UsageError(`soma ${group} takes one of these:\n\n${overviewText(inGroup)}`);
  const typed = inGroup.length > 0 ? `${group} ${word}` : group;
  const known = inGroup.length > 0 ? inGroup.map((command) => command.name) : COMMANDS.map((command) => command.name.split(" ")[0] ?? "");
  const meant = nearest(typed, known);
  throw new UsageError(`There is no command soma ${typed}.${meant === undefined ? "" : ` Is soma ${meant} meant?`}\nSee soma --help.`);
}

function overviewText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  return [
    "soma COMMAND [options]",
    commands.map((command) => `  ${command.name.padEnd(width)}${command.summary.split(/[.:;] /)[0]?.replace(/\.$/, "")}`).join("\n"),
    "soma COMMAND --help tells more of each. Every command takes --json.",
    "SOMA_URL and SOMA_API_KEY in the environment do for a login.",
    EXIT_CODES,
  ].join("\n\n");
}

function version(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))).version;
}

// Whoever reads the output may stop (soma … | head): that is no failure of ours.
process.stdout.on("error", (error) => {
  if ("code" in error && error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
});
process.exitCode = await soma(process.argv.slice(2));
