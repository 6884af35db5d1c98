import { parseArgs } from "node:util";
import { measureCost } from "./cost.ts";
import { measureGateway } from "./gateway.ts";
import { measureGuard } from "./guard.ts";
import { measureJournal } from "./journal.ts";
import { measureLog } from "./log.ts";
import { countOperations } from "./operations.ts";
import { type Result, toJsonLine, toText } from "./result.ts";
import { measureStartUp } from "./start-up.ts";
import { measureTurns } from "./turns.ts";
import { measureWorkflow } from "./workflow.ts";

/** Each starts what it measures, measures it for a bounded time and stops it. */
const BENCHES: Readonly<Record<string, () => Promise<Result[]>>> = {
  gateway: measureGateway,
  guard: measureGuard,
  journal: measureJournal,
  turns: measureTurns,
  workflow: measureWorkflow,
  log: measureLog,
  operations: countOperations,
  cost: measureCost,
  "start-up": measureStartUp,
};

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, strict: { type: "boolean", default: false } },
});
const unknown = names.find((name) => BENCHES[name] === undefined);
if (unknown !== undefined) {
  console.error(
    `There is no bench ${unknown}; there are ${Object.keys(BENCHES).join(", ")}. Options: --json, --strict (fail when an aim is missed).`,
  );
  process.exit(2);
}
for (const [name, measure] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const result of await measure()) {
    console.log(options.json ? toJsonLine(result) : toText(result));
    if (options.strict && result.aim?.isMet === false) process.exitCode = 1;
  }
}
