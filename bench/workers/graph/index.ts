import { DurableObject } from "cloudflare:workers";
import type { GraphHost } from "../../../durable-objects/graph/graph-run.ts";
import { runGraph } from "../../../durable-objects/graph/interpreter.ts";
import { runToolStep } from "../../../durable-objects/graph/tool-step.ts";
import { Workbench } from "../../../durable-objects/schedule/workbench.ts";
import platform from "../../../workers/index.ts";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { systemClock } from "../../../workers/platform/clock.ts";
import { principalSchema } from "../../../workers/platform/principal.ts";

export * from "../../../workers/index.ts";

const PATH = /^\/bench\/graph\/(sequential|parallel)\/(\d{1,5})$/;
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
  #run: { readonly graph: Graph; readonly ended: () => void } | undefined;

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
      onStalled: () => undefined,
      send: async () => undefined,
    });
  }

  /** Runs the graph to its end. @returns how many steps are done */
  async run(graph: Graph): Promise<number> {
    const ended = new Promise<void>((resolve) => {
      this.#run = { graph, ended: resolve };
    });
    await this.#bench.wake();
    await ended;
    return this.#bench.journal.records.size;
  }

  override alarm(): Promise<void> {
    return this.#bench.alarm.ring();
  }

  async #work(): Promise<void> {
    if (this.#run === undefined) return;
    const { journal } = this.#bench;
    const shared = { env: this.env, clock: systemClock, journal, scope: { principal: PRINCIPAL, workspace: "bench" } };
    const host: GraphHost = { journal, isStopped: () => false, run: (call) => runToolStep(shared, call) };
    await runGraph(host, { graph: this.#run.graph, inputs: {}, prefix: "" });
    this.#run.ended();
    this.#run = undefined;
  }
}

interface BenchEnv extends Env {
  readonly BENCH_GRAPHS: DurableObjectNamespace<GraphObject>;
}

/** `/bench/graph/sequential/10`: a graph in an object of its own, without what stands before a run of the platform. Everything else is the platform's. */
export default {
  async fetch(request, env, context) {
    const [, order, steps] = PATH.exec(new URL(request.url).pathname) ?? [];
    if (order === undefined) return platform.fetch(request, env, context);
    const object = env.BENCH_GRAPHS.get(env.BENCH_GRAPHS.newUniqueId());
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
