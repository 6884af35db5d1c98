import { done, must, type Schemas } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";

type Budget = Schemas["Budget"];

const SCOPES = ["tenant", "project", "user", "agent", "capsule", "model"] as const;
const PERIODS = ["total", "month", "day", "minute"] as const;

const show = defineCommand({
  name: "budget show",
  summary: "Show budgets: their lines, what is spent and what running work holds.",
  operands: [{ name: "ID", about: "one budget: bud_…, or tenant for the tenant's own", isOptional: true }],
  options: {},
  examples: ["soma budget show", "soma budget show tenant --json"],
  run: async ({ operands: [id], output, signal }) => {
    const { api } = await connected();
    if (id === undefined) {
      const { items } = await must(api.GET("/v1/budgets", { signal }));
      output.result(items, items.map(budgetText).join("\n"));
      return EXIT.ok;
    }
    const budget = await must(api.GET("/v1/budgets/{id}", { params: { path: { id } }, signal }));
    output.result(budget, budgetText(budget));
    return EXIT.ok;
  },
});

const set = defineCommand({
  name: "budget set",
  summary: "Set the limit of a budget: what would pass it is refused.",
  operands: [{ name: "AMOUNT", about: "US dollars to the millionth, or tokens where the budget counts them" }],
  options: {
    budget: { type: "string", value: "ID", about: "which budget: bud_…", default: "tenant" },
    soft: { type: "string", value: "AMOUNT", about: "the soft line, which is told when it is reached" },
  },
  examples: ["soma budget set 25", "soma budget set 0.50 --soft 0.40 --json"],
  run: async ({ operands: [amount = ""], options, output, signal }) => {
    const { api } = await connected();
    const path = { id: options.budget };
    const { unit } = await must(api.GET("/v1/budgets/{id}", { params: { path }, signal }));
    const soft = options.soft === undefined ? {} : { softLimit: unitsOf(options.soft, unit) };
    const body = { limit: unitsOf(amount, unit), ...soft };
    const budget = await must(api.PUT("/v1/budgets/{id}", { params: { path }, body, signal }));
    output.result(budget, budgetText(budget));
    return EXIT.ok;
  },
});

const create = defineCommand({
  name: "budget create",
  summary: "Make a budget of a project, user, agent, capsule or model, or another of the tenant.",
  operands: [
    { name: "SCOPE", about: SCOPES.join(", ") },
    { name: "AMOUNT", about: "the limit: US dollars, or tokens with --tokens" },
    { name: "TARGET", about: "the id or name of what it is for; none for the tenant", isOptional: true },
  ],
  options: {
    tokens: { type: "boolean", about: "count tokens of models and not dollars" },
    period: { type: "string", value: "PERIOD", about: PERIODS.join(", "), default: "month" },
    zone: { type: "string", value: "ZONE", about: "where days and months begin (IANA name)", default: "UTC" },
    soft: { type: "string", value: "AMOUNT", about: "the soft line, which is told when it is reached" },
  },
  examples: ["soma budget create agent 5 analyst --period day", "soma budget create tenant 100000 --tokens --period minute"],
  run: async ({ operands: [scope = "", amount = "", target], options, output, signal }) => {
    const unit = options.tokens === true ? "tokens" : "micros";
    const lines = { limit: unitsOf(amount, unit), ...(options.soft === undefined ? {} : { softLimit: unitsOf(options.soft, unit) }) };
    const kind = { scope: oneOf(SCOPES, scope), period: oneOf(PERIODS, options.period), unit, zone: options.zone } as const;
    const { api } = await connected();
    const body = { ...kind, ...lines, ...(target === undefined ? {} : { target }) };
    const budget = await must(api.POST("/v1/budgets", { body, signal }));
    output.result(budget, budgetText(budget));
    return EXIT.ok;
  },
});

const remove = defineCommand({
  name: "budget delete",
  summary: "Delete a budget; the tenant's own stays.",
  operands: [{ name: "ID", about: "the budget: bud_…" }],
  options: {},
  examples: ["soma budget delete bud_01KAJ2M3N4P5Q6R7S8T9V0W1X2"],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/budgets/{id}", { params: { path: { id } }, signal }));
    output.result({ deleted: id }, `Deleted ${id}.`);
    return EXIT.ok;
  },
});

function oneOf<const T extends string>(known: readonly T[], word: string): T {
  const found = known.find((name) => name === word);
  if (found === undefined) throw new UsageError(`${JSON.stringify(word)} is none of ${known.join(", ")}.`);
  return found;
}

/** An amount as a person writes it, in the units that budgets count. */
function unitsOf(amount: string, unit: Budget["unit"]): number {
  if (unit === "tokens") {
    if (!/^\d{1,12}$/.test(amount)) throw new UsageError(`${JSON.stringify(amount)} is no number of tokens.`);
    return Number(amount);
  }
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(amount))
    throw new UsageError(`${JSON.stringify(amount)} is no amount in dollars; write it like 25 or 0.50.`);
  return Math.round(Number(amount) * 1e6);
}

function budgetText(budget: Budget): string {
  const amount = (value: number) => (budget.unit === "tokens" ? `${value} tokens` : `$${(value / 1e6).toFixed(2)}`);
  const whose = budget.target === undefined ? "the tenant" : `${budget.scope} ${budget.target}`;
  const period = budget.period === "total" ? "in all" : `in ${budget.window}`;
  const limit = budget.limit === undefined ? "without a limit" : `of ${amount(budget.limit)}`;
  return `${budget.id}: ${whose} ${period}: ${amount(budget.spent)} spent and ${amount(budget.leased)} held for running work, ${limit}`;
}

export const budgetCommands: readonly Command[] = [show, set, create, remove];
