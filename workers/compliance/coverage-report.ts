import type { Clause, Overlay } from "./overlay.ts";

const STATUS = {
  met: "met by software here",
  shared: "shared",
  "not-software": "not possible by software alone",
} as const satisfies Record<Clause["status"], string>;

/** What an overlay covers, as the API tells it. */
export function coverageReport({ name, title, source, controls, clauses }: Overlay, isOn: boolean) {
  const count = (status: Clause["status"]) => clauses.filter((clause) => clause.status === status).length;
  return {
    overlay: name,
    title,
    source,
    isOn,
    counts: { met: count("met"), shared: count("shared"), notSoftware: count("not-software") },
    clauses: clauses.map((clause) => ({ ...clause })),
    controls: controls.map(({ id, clause, does, says }) => ({ id, clause, does, says })),
  };
}
export type CoverageReport = ReturnType<typeof coverageReport>;

/** The same report for people. */
export function coverageMarkdown({ overlay, title, source, isOn, counts, clauses, controls }: CoverageReport): string {
  return [
    `# ${title}: what is covered`,
    "",
    `Source: ${source}. The overlay \`${overlay}\` is ${isOn ? "on" : "off; what its controls do, they do when it is on"}.`,
    "",
    `Of ${clauses.length} clauses in scope ${counts.met} are met by software here, ${counts.shared} are shared with people, and ${counts.notSoftware} cannot be met by software alone. This report is no attestation.`,
    "",
    "| clause | | status | by | why |",
    "|---|---|---|---|---|",
    ...clauses.map(
      ({ clause, title: what, status, controls: by, evidence, why }) =>
        `| ${clause} | ${what} | ${STATUS[status]} | ${[...by, ...evidence].map((part) => `\`${part}\``).join(", ")} | ${why} |`,
    ),
    "",
    "## Controls",
    "",
    "| control | clause | does | |",
    "|---|---|---|---|",
    ...controls.map(({ id, clause, does, says }) => `| \`${id}\` | ${clause} | ${does} | ${says} |`),
    "",
  ].join("\n");
}
