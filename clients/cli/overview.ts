import { COMMANDS } from "./all-commands.ts";
import type { Command } from "./command.ts";
import { EXIT, UsageError } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";

const EXIT_CODES = `Exit codes: ${EXIT.ok} done, ${EXIT.failed} failed, ${EXIT.usage} wrong use, ${EXIT.needsPerson} a person is needed, ${EXIT.interrupted} interrupted.`;

/**
 * The help for words that name no command: of all commands, or of a group, when that is what was asked for.
 * @throws UsageError naming what may have been meant
 */
export function overview(words: readonly string[]): string {
  const [group = "", word] = words.filter((candidate) => !candidate.startsWith("-"));
  const inGroup = COMMANDS.filter((command) => command.name.startsWith(`${group} `));
  const isAsked = words.some((candidate) => candidate === "--help" || candidate === "-h");
  if (group === "" || (isAsked && inGroup.length > 0)) return overviewText(group === "" ? COMMANDS : inGroup);
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
