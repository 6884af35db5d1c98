import { z } from "zod";

/** What budgets count: millionths of a US dollar, or tokens of models, in and out together. Both are whole numbers. */
export const UNITS = ["micros", "tokens"] as const;
export const unitSchema = z.enum(UNITS);
export type Unit = z.infer<typeof unitSchema>;
export type Amounts = Readonly<Record<Unit, number>>;

export const scopeSchema = z.enum(["tenant", "project", "user", "agent", "capsule", "model"]);
export const periodSchema = z.enum(["total", "month", "day", "minute"]);

/** A million dollars, or as many tokens as anyone could pay for: more is a slip of the pen. */
export const MAX_LIMIT = 1_000_000_000_000;
/** The id of the tenant's own budget, which is there from the start. */
export const TENANT_BUDGET = "tenant";
/** What a tenant may spend before anyone has set a limit: ten dollars. */
export const DEFAULT_LIMIT_MICROS = 10_000_000;

const limitSchema = z.number().int().nonnegative().max(MAX_LIMIT);

export const budgetSchema = z.object({
  id: z.string(),
  scope: scopeSchema,
  /** The id of the project or user, the name of the agent, capsule or model; none for the tenant. */
  target: z.string().optional(),
  unit: unitSchema,
  period: periodSchema,
  /** The IANA time zone in which days and months begin. */
  zone: z.string(),
  /** The hard line: what would pass it is refused. None where only the soft line is drawn. */
  limit: limitSchema.optional(),
  /** The soft line: when it is reached it is told once a period. */
  softLimit: limitSchema.optional(),
  createdAt: z.number().int(),
});
export type Budget = z.infer<typeof budgetSchema>;

/** For what something is spent: every budget of one of these counts it. */
export const purposeSchema = z.object({
  project: z.string().optional(),
  user: z.string().optional(),
  agent: z.string().optional(),
  capsule: z.string().optional(),
  model: z.string().optional(),
});
export type Purpose = z.infer<typeof purposeSchema>;

/** The tenant's own budget before anyone has set it. */
export const FIRST_BUDGET: Budget = {
  id: TENANT_BUDGET,
  scope: "tenant",
  unit: "micros",
  period: "total",
  zone: "UTC",
  limit: DEFAULT_LIMIT_MICROS,
  createdAt: 0,
};

/** Whether a budget counts what is spent for this, begun at that time. One counts nothing that began before it was made. A capsule's version counts for nothing. */
export function counts({ scope, target, createdAt }: Budget, purpose: Purpose, at: number): boolean {
  if (at < createdAt) return false;
  if (scope === "tenant") return true;
  const spentFor = purpose[scope];
  return spentFor !== undefined && spentFor.split("@")[0] === target?.split("@")[0];
}

const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether this is a time zone that days and months can be counted in. */
export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The name of the period that a time falls into, in the budget's time zone: `total`, `2026-11`, `2026-11-21`, `2026-11-21T14:05`. Later periods have greater names.
 * @param at milliseconds since the epoch
 */
export function windowOf({ period, zone }: Pick<Budget, "period" | "zone">, at: number): string {
  if (period === "total") return "total";
  if (period === "minute") return new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16);
  const day = formatOf(zone).format(at);
  return period === "day" ? day : day.slice(0, 7);
}

/** Written as ISO 8601 has dates. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  formats.set(zone, format);
  return format;
}
