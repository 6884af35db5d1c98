import { recordChange } from "../audit/record.ts";
import type { Clock } from "../platform/clock.ts";
import { derivedId, type Id, newestTimeIn } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import type { RecordedDecision } from "../platform/recorded.ts";
import type { ImportedTemplate } from "./compile.ts";
import { forgetGraphs, graphText, keepGraph, keepReport } from "./kept-graph.ts";
import { countTemplates, findTemplate, findVersion, insertVersion, type TemplateRow } from "./store.ts";

/** Templates of one tenant: a list that people read and choose from. */
const MAX_TEMPLATES = 10_000;
/** Versions of one template: a change each day for years. */
const MAX_VERSIONS = 10_000;
/** Tries to become the next version while others write versions of the same template. */
const MAX_TRIES = 5;

export interface ImportOrder {
  /** The id of the first new template; further ones have ids derived from it. */
  readonly id: Id<"template">;
  readonly framework: string;
  readonly decision: RecordedDecision;
}

export interface KeptTemplate {
  readonly row: TemplateRow;
  /** False when the newest version was this graph already. */
  readonly isNew: boolean;
}

/**
 * Keeps an imported template: as a new version of the template of its name, unless that one's newest version is the same graph.
 * @throws Problem `limit-exceeded`, or `conflict` when others write versions of it without end
 */
export async function keepTemplate(
  env: Env,
  clock: Clock,
  principal: Principal,
  template: ImportedTemplate,
  order: ImportOrder,
): Promise<KeptTemplate> {
  const { tenant, subject } = principal;
  const kept = graphText(template.graph);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await findTemplate(env, tenant, template.name);
    if (known !== undefined && (await findVersion(env, known.id, known.version))?.hash === kept.hash) return { row: known, isNew: false };
    const row = await nextRow(env, clock, principal, template, order, known);
    await keepGraph(env, tenant, row.id, kept);
    const { id, version, framework, updatedAt } = row;
    const numbers = { steps: Object.keys(template.graph.steps).length, unmapped: template.unmapped.length };
    const made = { template: id, version, hash: kept.hash, framework, ...numbers, createdBy: subject, createdAt: updatedAt };
    await keepReport(env, tenant, made, { mapped: [...template.mapped], unmapped: [...template.unmapped] });
    if (!(await insertVersion(env, row, made))) {
      if (known === undefined) await forgetGraphs(env, tenant, id);
      continue;
    }
    const change = { action: "template.version-created", resource: `${id}@${version}`, decision: order.decision };
    await recordChange(env, clock, principal, change);
    return { row, isNew: true };
  }
  throw new Problem("conflict", `Others are writing versions of ${template.name} right now; import it again.`);
}

async function nextRow(
  env: Env,
  clock: Clock,
  { tenant, subject }: Principal,
  { name }: ImportedTemplate,
  { id, framework }: ImportOrder,
  known: TemplateRow | undefined,
): Promise<TemplateRow> {
  const at = clock.now();
  if (known !== undefined) {
    if (known.version >= MAX_VERSIONS)
      throw new Problem("limit-exceeded", `${name} has ${MAX_VERSIONS} versions; import it under a new name.`);
    return { ...known, framework, version: known.version + 1, updatedAt: at };
  }
  if ((await countTemplates(env, tenant)) >= MAX_TEMPLATES)
    throw new Problem("limit-exceeded", `The tenant has ${MAX_TEMPLATES} templates; delete some that nobody runs.`);
  const created = { id: derivedId("template", newestTimeIn(id) ?? at, `${id}/${name}`), tenant, name, framework, version: 1 };
  return { ...created, createdBy: subject, createdAt: at, updatedAt: at };
}
