import { must } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT } from "../exit-codes.ts";
import { columns, shown } from "../output.ts";

const NAME = { name: "NAME", about: "the overlay: fedramp, ferpa, hipaa, pci-dss or soc2" } as const;

const list = defineCommand({
  name: "compliance list",
  summary: "List the overlays, and which are on.",
  options: {},
  examples: ["soma compliance list"],
  run: async ({ output, signal }) => {
    const { api } = await connected();
    const { items } = await must(api.GET("/v1/compliance/overlays", { signal }));
    const rows = items.map(({ name, isOn, title, controls }) => [name, isOn ? "on" : "off", `${controls.length} controls`, title]);
    output.result({ items }, columns(rows, ""));
    return EXIT.ok;
  },
});

/** A command that switches an overlay. */
function turn(word: "on" | "off", summary: string): Command {
  return defineCommand({
    name: `compliance ${word}`,
    summary,
    operands: [NAME],
    options: {},
    examples: [`soma compliance ${word} hipaa`],
    run: async ({ operands: [name = ""], output, signal }) => {
      const { api } = await connected();
      const body = { isOn: word === "on" };
      const overlay = await must(api.PUT("/v1/compliance/overlays/{name}", { params: { path: { name } }, body, signal }));
      output.result(overlay, `${overlay.title} is ${overlay.isOn ? "on" : "off"}.`);
      return EXIT.ok;
    },
  });
}

const coverage = defineCommand({
  name: "compliance coverage",
  summary: "Report which clauses are met by software here, which are shared, and which software alone cannot meet.",
  operands: [NAME],
  options: {},
  examples: ["soma compliance coverage hipaa", "soma compliance coverage pci-dss --json"],
  run: async ({ operands: [name = ""], output, signal }) => {
    const { api } = await connected();
    const path = { name };
    if (output.isJson) {
      const report = await must(api.GET("/v1/compliance/overlays/{name}/coverage", { params: { path }, signal }));
      output.result(report, "");
      return EXIT.ok;
    }
    const query = { form: "markdown" } as const;
    output.say(
      shown(String(await must(api.GET("/v1/compliance/overlays/{name}/coverage", { params: { path, query }, parseAs: "text", signal })))),
    );
    return EXIT.ok;
  },
});

export const complianceCommands: readonly Command[] = [
  list,
  turn("on", "Switch an overlay on: what it forbids and demands holds within a second."),
  turn("off", "Switch an overlay off."),
  coverage,
];
