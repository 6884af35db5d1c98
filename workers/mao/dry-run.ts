import type { Principal } from "../platform/principal.ts";
import { problemOf } from "../platform/problem.ts";
import { type GuardDecision, type GuardHost, guard } from "../policy/guard.ts";
import { findTool } from "../tools/registry.ts";
import type { Graph, Step } from "./graph.ts";
import { wavesOf } from "./waves.ts";

/** Rows that a step writes in its run's object, by what it is: test/workers/prove-billed-steps.test.ts counts them. */
const ROWS = { pure: 1, outside: 2, wait: 2 } as const;
/** Millionths of a dollar for a row written (the platform's published price: $1.00 a million). */
const MICROS_A_ROW = 1;

/** What would happen to one step. */
export interface DryStep {
  readonly step: string;
  readonly uses: string;
  readonly wave: number;
  readonly decision: { effect: "allow" | "deny" | "none"; policies: string[]; needsApproval: boolean; reason: string };
  readonly rows: number;
  /** What it costs is known before it runs only where no model is asked. */
  readonly asksModel: boolean;
}

/** What a run would cost at least, and what that is counted by. */
export interface Estimate {
  readonly rowsWritten: number;
  readonly platformMicros: number;
  readonly stepsThatAskAModel: number;
  readonly basis: string;
}

/** A graph looked at without running it: in which order its steps could start, what policy says of each, what they would cost at least. */
export async function dryRun(
  host: GuardHost,
  graph: Graph,
  principal: Principal,
): Promise<{ waves: string[][]; steps: DryStep[]; estimate: Estimate }> {
  const waves = wavesOf(graph);
  const waveOf = new Map(waves.flatMap((wave, i) => wave.map((name) => [name, i + 1] as const)));
  const steps: DryStep[] = [];
  for (const [name, step] of Object.entries(graph.steps)) steps.push(await dryStep(host, name, step, waveOf.get(name) ?? 0, principal));
  const rows = steps.reduce((sum, step) => sum + step.rows, 0);
  const asking = steps.filter(({ asksModel }) => asksModel).length;
  return {
    waves,
    steps,
    estimate: {
      rowsWritten: rows,
      platformMicros: rows * MICROS_A_ROW,
      stepsThatAskAModel: asking,
      basis:
        "Rows written at $1.00 a million: 1 for a step that computes, 2 for one that waits or reaches outside; what the outside itself writes is not among them; items and iterations count once. What models take is not known before they are asked.",
    },
  };
}

async function dryStep(host: GuardHost, name: string, step: Step, wave: number, principal: Principal): Promise<DryStep> {
  return {
    step: name,
    uses: step.uses,
    wave,
    decision: await decisionOn(host, step, principal),
    rows: rowsOf(step),
    asksModel: /^(agent|team):/.test(step.uses),
  };
}

async function decisionOn(host: GuardHost, { uses }: Step, principal: Principal): Promise<DryStep["decision"]> {
  const [kind = "", id = ""] = [uses.slice(0, uses.indexOf(":")), uses.slice(uses.indexOf(":") + 1)];
  const none = {
    effect: "none",
    policies: [],
    needsApproval: false,
    reason: "nothing is asked of the guard",
  } satisfies DryStep["decision"];
  try {
    if (kind === "tool") return told(await guard(host, { principal, resource: { type: "tool", id, risk: findTool(id).risk } }));
    if (kind === "agent" || kind === "a2a") return told(await guard(host, { principal, resource: { type: "agent", id } }));
    if (kind === "capsule") return told(await guard(host, { principal, resource: { type: "capsule", id: id.split("@")[0] ?? id } }));
    return none;
  } catch (error) {
    return { ...none, effect: "deny", reason: problemOf(error)?.detail ?? "it cannot be decided" };
  }
}

function told({ effect, policies, obligations, reason }: GuardDecision): DryStep["decision"] {
  return { effect, policies: [...policies], needsApproval: obligations.approval, reason };
}

function rowsOf({ uses }: Step): number {
  if (/^(human|timer|signal):/.test(uses)) return ROWS.wait;
  if (!uses.startsWith("tool:")) return uses === "run:inline" ? ROWS.pure : ROWS.outside;
  try {
    return findTool(uses.slice("tool:".length)).isPure === true ? ROWS.pure : ROWS.outside;
  } catch {
    return ROWS.outside;
  }
}
