import { basename, extname, join } from "node:path";
import { type Command, defineCommand } from "../command.ts";
import { checkOutFolder } from "../delivery.ts";
import { checkFile, readText } from "../files.ts";
import { ask } from "../prompt.ts";
import { exitCodeOf, questionsText, restText, runBrief } from "../run-brief.ts";
import { PLATFORM_OPTIONS, withPlatform } from "../with-platform.ts";

export const runProject: Command = defineCommand({
  name: "projects run",
  summary: "Take a brief and its files to a delivered report. Without a platform to talk to, one is started here for the while.",
  operands: [{ name: "BRIEF", about: "a file or @file with the brief, - for standard input, or the brief itself in quotes" }],
  options: {
    attach: {
      type: "string",
      multiple: true,
      isGreedy: true,
      value: "FILE…",
      about: "files to work on; several, or the option several times",
    },
    out: { type: "string", value: "DIR", about: "folder for what is delivered; soma-out/ and the brief's name when not given" },
    title: { type: "string", value: "TEXT", about: "the project's title", default: "" },
    ...PLATFORM_OPTIONS,
  },
  examples: [
    "soma projects run brief.md --attach sales.csv --out report",
    'soma projects run "Compare the mean of amount by region." --attach sales.csv',
    "cat brief.md | soma projects run - --attach a.csv b.csv --json",
  ],
  notes:
    "A folder that holds an earlier delivery gets the new one in its place; a folder with anything else is refused.\nWhat the planner cannot match to the data it asks about: on a terminal here, elsewhere by exit code 3.",
  run: async ({ operands, options, output, signal }) => {
    const [word = ""] = operands;
    const attach = options.attach ?? [];
    for (const file of attach) checkFile(file, "--attach");
    const out = options.out ?? join("soma-out", nameOf(word));
    checkOutFolder(out);
    const brief = await readText(word, "the brief");
    return withPlatform({ ...options, output }, async (client, isLocal) => {
      let created: string | undefined;
      try {
        const { project, files } = await runBrief(client, {
          brief,
          title: options.title,
          attach,
          out,
          output,
          signal,
          onCreated: (id) => {
            created = id;
            output.say(`Project ${id}`);
          },
          ...(output.canAsk
            ? {
                ask: async (asking) => {
                  output.say(questionsText(asking));
                  return (await ask("Your answer (an empty one leaves it for later): ", signal)) ?? "";
                },
              }
            : {}),
        });
        output.result({ project, files }, project.state === "delivered" ? `Delivered ${files.length} files to ${out}.` : restText(project));
        if (isLocal && exitCodeOf(project) !== 0) output.say(comeBack(options.state));
        return exitCodeOf(project);
      } catch (error) {
        if (signal.aborted && created !== undefined)
          process.stderr.write(
            `${isLocal ? `${comeBack(options.state)}\n` : ""}Follow it with: soma projects watch ${created} --out ${out}\n`,
          );
        throw error;
      }
    });
  },
});

function comeBack(state: string): string {
  return `The project is kept in ${state}. Start the platform again with: npm start${state === ".soma" ? "" : ` -- --state ${state}`}`;
}

/** What a brief's delivery is called by default. */
function nameOf(word: string): string {
  const name = basename(word.replace(/^@/, ""), extname(word));
  return /^[\w.-]{1,100}$/.test(name) && /\w/.test(name) ? name : "project";
}
