import { parse } from "yaml";
import { z } from "zod";
import { must, type Schemas, type SomaClient } from "../../sdk/client.ts";
import { pages } from "../../sdk/pages.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { readText } from "../files.ts";
import { columns, shown } from "../output.ts";

const manifestSchema = z.looseObject({ name: z.string(), version: z.string() });

const listCapsules = defineCommand({
  name: "capsules list",
  summary: "List the task capsules that projects and agents can run.",
  options: {},
  examples: ["soma capsules list"],
  run: async ({ output, signal }) => {
    const { api } = await connected();
    const items = await allCapsules(api, signal);
    output.result(
      { items },
      columns(
        items.map((item) => [`${item.name}@${item.version}`, item.isOwn ? "own" : "", item.title, item.description]),
        "There are no capsules.",
      ),
    );
    return EXIT.ok;
  },
});

const showCapsule = defineCommand({
  name: "capsules show",
  summary: "Show a capsule's inputs and steps.",
  operands: [{ name: "NAME", about: "its name, with @version for another than the newest" }],
  options: {},
  examples: ["soma capsules show compare-groups", "soma capsules show compare-groups@1.0.0 --json"],
  run: async ({ operands: [word = ""], output, signal }) => {
    const { api } = await connected();
    const [name = "", wanted] = word.split("@");
    const version = wanted ?? newest(await allCapsules(api, signal), name);
    const capsule = await must(api.GET("/v1/capsules/{name}/versions/{version}", { params: { path: { name, version } }, signal }));
    const inputs = capsule.inputs.map((input) => [
      `  ${input.name}`,
      input.required ? "required" : "",
      input.type,
      input.description ?? "",
    ]);
    const words = [
      `${capsule.name}@${capsule.version}  ${shown(capsule.title)}`,
      shown(capsule.description),
      columns(inputs, "  no inputs"),
      `steps: ${capsule.steps.map(shown).join(" → ")}`,
    ];
    output.result(capsule, words.join("\n"));
    return EXIT.ok;
  },
});

const publishCapsule = defineCommand({
  name: "capsules publish",
  summary: "Publish a version of a capsule of your own; versions never change.",
  operands: [{ name: "FILE", about: "the manifest, as YAML or JSON; - for standard input" }],
  options: {},
  examples: ["soma capsules publish my-reviewer.yaml"],
  run: async ({ operands: [file = ""], output, signal }) => {
    const text = await readText(file === "-" ? "-" : `@${file}`, "the manifest");
    const manifest = manifestSchema.safeParse(parse(text));
    if (!manifest.success) throw new UsageError(`${file} is no manifest of a capsule: it needs a name and a version.`);
    const { api } = await connected();
    const { name } = manifest.data;
    const made = await must(api.POST("/v1/capsules/{name}/versions", { params: { path: { name } }, body: manifest.data, signal }));
    output.result(made, `Published ${made.name}@${made.version}.`);
    return EXIT.ok;
  },
});

async function allCapsules(api: SomaClient["api"], signal: AbortSignal): Promise<Schemas["Capsule"][]> {
  const items: Schemas["Capsule"][] = [];
  for await (const item of pages((query) => must(api.GET("/v1/capsules", { params: { query: { ...query, limit: 200 } }, signal }))))
    items.push(item);
  return items;
}

function newest(capsules: readonly Schemas["Capsule"][], name: string): string {
  const versions = capsules.filter((capsule) => capsule.name === name).map((capsule) => capsule.version);
  const [last] = versions.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  if (last === undefined) throw new UsageError(`There is no capsule ${name}; soma capsules list names them all.`);
  return last;
}

const listTools = defineCommand({
  name: "tools list",
  summary: "List the tools that agents can call, with the risk that policy weighs.",
  options: {},
  examples: ["soma tools list", "soma tools list --json"],
  run: async ({ output, signal }) => {
    const { api } = await connected();
    const { items } = await must(api.GET("/v1/tools", { signal }));
    output.result(
      { items },
      columns(
        items.map((item) => [item.id, item.risk, item.description]),
        "There are no tools.",
      ),
    );
    return EXIT.ok;
  },
});

export const catalogueCommands: readonly Command[] = [listCapsules, showCapsule, publishCapsule, listTools];
