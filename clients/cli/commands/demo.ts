import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { somaClient } from "../../sdk/client.ts";
import { defineCommand } from "../command.ts";
import { checkOutFolder } from "../delivery.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { readText } from "../files.ts";
import type { Output } from "../output.ts";
import { ROOT } from "../platform/build.ts";
import { type RunningPlatform, startPlatform } from "../platform/platform.ts";
import { parsePort } from "../platform/port.ts";
import { exitCodeOf, restText, runBrief } from "../run-brief.ts";

/** One over a table, one over documents. */
const EXAMPLES = [
  { name: "penguins", attach: ["penguins.csv"] },
  { name: "handbook", attach: ["constitution.md", "security.md"] },
];

export const demo = defineCommand({
  name: "demo",
  summary: "Boot the whole platform on this machine and take two briefs to finished reports.",
  options: {
    out: { type: "string", value: "DIR", about: "folder for the reports", default: "soma-out" },
    port: { type: "string", value: "N", about: "port of the platform; 0 takes any (8787, or the next free one)" },
    state: { type: "string", value: "DIR", about: "folder of the platform's state, kept afterwards; without it the state is thrown away" },
  },
  examples: ["soma demo", "soma demo --port 9000 --out /tmp/reports", "soma demo --json"],
  run: async ({ options, output, signal }) => {
    const port = parsePort(options.port);
    for (const example of EXAMPLES) checkOutFolder(join(options.out, example.name));
    const state = options.state ?? mkdtempSync(join(tmpdir(), "soma-demo-"));
    try {
      output.say("Starting the platform on this machine …");
      const platform = await startPlatform({ port, state });
      try {
        return await takeBriefs(platform, options.out, output, signal);
      } finally {
        await platform.stop();
      }
    } finally {
      if (options.state === undefined) rmSync(state, { recursive: true, force: true });
    }
  },
});

async function takeBriefs(platform: RunningPlatform, out: string, output: Output, signal: AbortSignal): Promise<ExitCode> {
  const client = somaClient(platform);
  output.say(`It runs at ${platform.url} with tenant ${platform.tenant}.\n`);
  for (const { name, attach } of EXAMPLES) {
    const folder = join(ROOT, "examples", name);
    const reports = join(out, name);
    const { project, files } = await runBrief(client, {
      brief: await readText(join(folder, "brief.md"), "the brief"),
      title: "",
      attach: attach.map((file) => join(folder, file)),
      out: reports,
      output,
      signal,
    });
    const result = { example: name, state: project.state, score: project.review?.score, files };
    if (project.state !== "delivered") {
      output.result(result, restText(project));
      return exitCodeOf(project);
    }
    const here = relative(process.cwd(), reports) || ".";
    output.result(result, `\n  ${files.length} files in ${here}: open ${join(here, "report.html")}\n`);
  }
  return EXIT.ok;
}
