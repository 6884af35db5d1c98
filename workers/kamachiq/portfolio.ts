import { z } from "@hono/zod-openapi";
import { isOver, type ProjectPhase, projectStateSchema } from "./project-state.ts";
import { sumProjects } from "./store.ts";

const count = z.number().int();

/** How all projects of a tenant stand together. */
export const portfolioSchema = z
  .object({
    projects: z.record(z.string(), count).openapi({ description: "How many there are in each state." }),
    total: count,
    active: count.openapi({ description: "Those that are not over." }),
    done: count,
    failed: count,
    spend: z.object({ costMicros: count, tokens: count }),
    findings: count.openapi({ description: "What reviews and peers found wrong in the newest rounds." }),
    gates: z.object({ open: count, oldestOpenedAt: z.iso.datetime().optional(), oldestAgeSeconds: count.optional() }),
  })
  .openapi("ProjectsSummary");

/** The sums over a tenant's projects, as the index has them: it follows the projects by a queue. */
export async function portfolioOf(env: Env, tenant: string, now: number): Promise<z.infer<typeof portfolioSchema>> {
  const rows = (await sumProjects(env, tenant)).map((row) => ({ ...row, state: projectStateSchema.parse(row.state) }));
  const total = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const inState = (isIn: (state: ProjectPhase) => boolean) => total((row) => (isIn(row.state) ? row.projects : 0));
  const oldest = rows.reduce<number | undefined>(
    (least, { oldestGate }) => (oldestGate === null ? least : Math.min(least ?? oldestGate, oldestGate)),
    undefined,
  );
  return {
    projects: Object.fromEntries(rows.map((row) => [row.state, row.projects])),
    total: total((row) => row.projects),
    active: inState((state) => !isOver(state)),
    done: inState((state) => state === "delivered"),
    failed: inState((state) => state === "failed"),
    spend: { costMicros: total((row) => row.costMicros), tokens: total((row) => row.tokens) },
    findings: total((row) => row.findings),
    gates: {
      open: total((row) => row.gates),
      ...(oldest === undefined
        ? {}
        : { oldestOpenedAt: new Date(oldest).toISOString(), oldestAgeSeconds: Math.max(0, Math.floor((now - oldest) / 1_000)) }),
    },
  };
}
