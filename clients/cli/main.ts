import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { COMMANDS } from "./all-commands.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { tellFailure } from "./failure.ts";
import { interruption } from "./interruption.ts";
import { processOutput } from "./output.ts";
import { overview } from "./overview.ts";
import { ROOT } from "./platform/build.ts";

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
    if (command === undefined) {
      process.stdout.write(`${overview(words)}\n`);
      return EXIT.ok;
    }
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

function version(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))).version;
}

// Whoever reads the output may stop (soma … | head): that is no failure of ours.
process.stdout.on("error", (error) => {
  if ("code" in error && error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
});
process.exitCode = await soma(process.argv.slice(2));
