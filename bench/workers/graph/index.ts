import { DurableObject } from "cloudflare:workers";
import type { GraphHost } from "../../../durable-objects/graph/graph-run.ts";
import { runGraph } from "../../../durable-objects/graph/interpreter.ts";
import { runToolStep } from "../../../durable-objects/graph/tool-step.ts";
import { Workbench } from "../../../durable-objects/schedule/workbench.ts";
import platform from "../../../workers/index.ts";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { systemClock } from "../../../workers/platform/clock.ts";
import { UNGOVERNED } from "../../../workers/platform/governance.ts";
import { principalSchema } from "../../../workers/platform/principal.ts";

export * from "../../../workers/index.ts";

const PATH = /^\/bench\/(new|kept)\/(sequential|parallel)\/(\d{1,5})$/;
/** Objects that are kept, and work at a time: as many as there are connections. */
const OBJECTS = 16;
/** Runs of one object before the next takes over: a journal holds so many steps and no more. */
const RUNS_AN_OBJECT = 1_000;
const STEP = { uses: "tool:value.set", with: { value: { rows: 344, columns: 8 } } };
/** Someone who may use tools, and whose name no one else has. */
const PRINCIPAL = principalSchema.parse({
  tenant: "ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2",
  subject: "bench",
  kind: "service",
  roles: [],
  capabilities: ["tools.invoke"],
  credential: "bench",
});

/** A graph whose steps compute, one after another or all at once. */
export class GraphObject extends DurableObject<Env> {
  readonly #bench: Workbench;
  #run: { readonly graph: Graph; readonly prefix: string; readonly ended: () => void } | undefined;
  #runs = 0;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#bench = new Workbench({
      storage: state.storage,
      bucket: env.ARTIFACTS,
      clock: systemClock,
      view: { name: "bench", apply: () => undefined, snapshot: () => null, restore: () => undefined },
      owner: () => ({ tenant: PRINCIPAL.tenant, id: "bench" }),
      isOpen: () => this.#run !== undefined,
      nextTimer: () => undefined,
      work: () => this.#work(),
      governance: async () => UNGOVERNED,
      onStalled: () => undefined,
      send: async () => undefined,
    });
  }

  /** Runs the graph to its end. @returns how many steps are done */
  async run(graph: Graph): Promise<number> {
    this.#runs += 1;
    const before = this.#bench.journal.records.size;
    const ended = new Promise<void>((resolve) => {
      this.#run = { graph, prefix: `r${this.#runs}/`, ended: resolve };
    });
    await this.#bench.wake();
    await ended;
    return this.#bench.journal.records.size - before;
  }

  override alarm(): Promise<void> {
    return this.#bench.alarm.ring();
  }

  async #work(): Promise<void> {
    if (this.#run === undefined) return;
    const { journal } = this.#bench;
    const shared = { env: this.env, clock: systemClock, journal, scope: { principal: PRINCIPAL, workspace: "bench" } };
    const host: GraphHost = { journal, isStopped: () => false, run: (call) => runToolStep(shared, call) };
    const { graph, prefix, ended } = this.#run;
    await runGraph(host, { graph, inputs: {}, prefix });
    this.#run = undefined;
    ended();
  }
}

interface BenchEnv extends Env {
  readonly BENCH_GRAPHS: DurableObjectNamespace<GraphObject>;
}

let calls = 0;

/**
 * `/bench/new/sequential/10` runs a graph in an object of its own, `/bench/kept/…` in one of sixteen that are kept; both without what stands before and
 * behind a run of the platform. Everything else is the platform's.
 */
export default {
  async fetch(request, env, context) {
    const [, place, order, steps] = PATH.exec(new URL(request.url).pathname) ?? [];
    if (order === undefined) return platform.fetch(request, env, context);
    calls += 1;
    const kept = `${calls % OBJECTS}/${Math.floor(calls / (OBJECTS * RUNS_AN_OBJECT))}`;
    const object = place === "kept" ? env.BENCH_GRAPHS.getByName(kept) : env.BENCH_GRAPHS.get(env.BENCH_GRAPHS.newUniqueId());
    const done = await object.run(graphOf(order, Number(steps)));
    return new Response(null, { status: done === Number(steps) ? 200 : 500 });
  },
  queue: platform.queue,
} satisfies ExportedHandler<BenchEnv>;

function graphOf(order: string, count: number): Graph {
  const names = Array.from({ length: count }, (_, i) => `s${i}`);
  const needs = (i: number) => (order === "sequential" && i > 0 ? [`s${i - 1}`] : []);
  return graphSchema.parse({ max_parallel: 64, steps: Object.fromEntries(names.map((name, i) => [name, { ...STEP, needs: needs(i) }])) });
}
