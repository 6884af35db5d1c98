import { join, relative } from "node:path";
import { somaClient } from "../sdk/client.ts";
import { ROOT } from "./platform/build.ts";
import { startPlatform } from "./platform/platform.ts";
import { EXIT, readBrief, restText, runBrief } from "./run-brief.ts";

const EXAMPLES = [
  { name: "penguins", attach: ["penguins.csv"] },
  { name: "handbook", attach: ["constitution.md", "security.md"] },
];

/**
 * Boots the whole platform on this machine and takes two briefs to finished reports: one over a table, one over documents.
 * @returns the exit code
 */
export async function demo(options: { port: number | undefined; state: string; out: string; json: boolean }): Promise<number> {
  const say = (line: string) => (options.json ? undefined : console.log(line));
  say("Starting the platform on this machine …");
  const platform = await startPlatform({ port: options.port, state: options.state });
  try {
    const client = somaClient(platform);
    say(`It runs at ${platform.url} with tenant ${platform.tenant}.\n`);
    for (const example of EXAMPLES) {
      const folder = join(ROOT, "examples", example.name);
      const out = join(options.out, example.name);
      const { project, files, exitCode } = await runBrief(client, {
        brief: readBrief(join(folder, "brief.md")),
        attach: example.attach.map((file) => join(folder, file)),
        out,
        json: options.json,
      });
      if (options.json) console.log(JSON.stringify({ example: example.name, state: project.state, score: project.review?.score, files }));
      if (exitCode !== EXIT.ok) {
        console.error(restText(project));
        return exitCode;
      }
      say(`\n  ${files.length} files in ${relative(process.cwd(), out)}: open ${relative(process.cwd(), join(out, "report.html"))}\n`);
    }
    return EXIT.ok;
  } finally {
    await platform.stop();
  }
}
