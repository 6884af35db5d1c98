import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AGENT_ATTRIBUTES, CREW_ATTRIBUTES, KNOWN_TOOLS, TASK_ATTRIBUTES } from "../../../workers/templates/crewai/attributes.ts";
import { ADAPTERS } from "../../../workers/templates/frameworks.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/templates.md"), "utf8");

it.each([
  ["agent", AGENT_ATTRIBUTES],
  ["task", TASK_ATTRIBUTES],
  ["crew", CREW_ATTRIBUTES],
])("docs/templates.md says of every attribute of a CrewAI %s what becomes of it", (kind, attributes) => {
  const table = page.split(`| ${kind} | becomes |`)[1]?.split("\n\n")[0] ?? "";
  const told = [...table.matchAll(/^\| `(\w+)` \| (\*reported\*)?/gm)].map(([, name = "", reported]) => [name, reported !== undefined]);
  expect(told).toEqual(Object.entries(attributes).map(([name, treatment]) => [name, treatment !== "read" && "why" in treatment]));
});

it("docs/templates.md names every framework and every tool of CrewAI that is known", () => {
  for (const { framework } of ADAPTERS) expect(page).toContain(`| \`${framework}\` |`);
  for (const [theirs, ours] of Object.entries(KNOWN_TOOLS)) expect(page).toContain(`\`${theirs}\` → \`${ours}\``);
});
