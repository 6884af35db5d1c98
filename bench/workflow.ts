import { buildWorker } from "../clients/cli/platform/build.ts";
import { inTurns, type Load, NONE } from "./load.ts";
import { makeTenant } from "./platform-client.ts";
import { startRestate } from "./restate.ts";
import { compared, type Result } from "./result.ts";
import { newOperatorToken, platformWorker, serve } from "./serve.ts";

const JSON_TYPE = { "content-type": "application/json" };
/** Runs a second of ten steps, of Restate's. */
const LEAST_RATIO = 3;
const LONE_RUNS = 9;
const LONE_WARM_UPS = 3;
/** Tenants that take turns: one alone would meet its rate limit within seconds. */
const TENANTS = 32;

type Order = "sequential" | "parallel";
/** Something that runs a workflow of so many steps and answers when it has ended. */
interface Subject {
  load(order: Order, steps: number): Load;
}

/**
 * The same durable work on this engine and on Restate, in turns on the same machine: the whole platform (a request with a key, graph, guard, events,
 * outbox and what consumes it), the engine alone (graph, guard, journal and events) in an object of its own for each run and in objects that are kept, and
 * Restate's server with its SDK.
 */
export async function measureWorkflow(): Promise<Result[]> {
  const operatorToken = newOperatorToken();
  const worker = await platformWorker(operatorToken, await buildWorker("bench/workers/graph/index.ts"));
  const benchGraphs = { BENCH_GRAPHS: { className: "GraphObject", useSQLite: true } };
  const served = await serve([{ ...worker, durableObjects: { ...worker.durableObjects, ...benchGraphs } }]);
  try {
    const url = await served.url("platform");
    const keys = await Promise.all(Array.from({ length: TENANTS }, () => makeTenant(url, operatorToken)));
    const engine = (place: "new" | "kept"): Subject => ({
      load: (order, steps) => ({ url, requests: [{ path: `/bench/${place}/${order}/${steps}` }] }),
    });
    const restate = await startRestate();
    try {
      const [whole, peer] = [{ load: wholePlatform(url, keys) }, { load: restateAt(restate.ingress) }];
      const alone = [whole, engine("new"), peer];
      return [
        ...(await runsPerSecond([whole, engine("new"), engine("kept"), peer])),
        ...(await lone("100 parallel steps", "parallel", 100, alone)),
        ...(await lone("1,000 sequential steps", "sequential", 1_000, alone)),
      ];
    } finally {
      await restate.stop();
    }
  } finally {
    await served.stop();
  }
}

function wholePlatform(url: string, keys: readonly string[]): Subject["load"] {
  return (order, steps) => {
    const body = JSON.stringify({ graph: graphOf(order, steps) });
    const headers = (key: string) => ({ ...JSON_TYPE, authorization: `Bearer ${key}`, prefer: "wait=60" });
    return { url, requests: keys.map((key) => ({ path: "/v1/mao/runs", method: "POST", headers: headers(key), body })) };
  };
}

function restateAt(url: string): Subject["load"] {
  return (order, steps) => ({ url, requests: [{ path: `/Workflow/${order}`, method: "POST", headers: JSON_TYPE, body: String(steps) }] });
}

/** Steps that compute: what they cost is the engine's. */
function graphOf(order: Order, count: number) {
  const step = (i: number) => ({
    uses: "tool:value.set",
    with: { value: { rows: 344, columns: 8, step: i } },
    ...(order === "sequential" && i > 0 ? { needs: [`s${i - 1}`] } : {}),
  });
  return { max_parallel: 64, steps: Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, step(i)])) };
}

async function runsPerSecond(subjects: readonly Subject[]): Promise<Result[]> {
  const [whole = NONE, own = NONE, kept = NONE, restate = NONE] = await inTurns(subjects.map((subject) => subject.load("sequential", 10)));
  const peer = { name: "Restate", rounds: restate.rates };
  return [
    compared("runs of 10 steps, whole platform", whole.rates, "runs/s", { ...peer, leastRatio: LEAST_RATIO }),
    compared("runs of 10 steps, engine in new objects", own.rates, "runs/s", peer),
    compared("runs of 10 steps, engine in kept objects", kept.rates, "runs/s", { ...peer, leastRatio: LEAST_RATIO }),
  ];
}

/** The time of one run alone, in milliseconds: the median of several, the subjects taking turns. */
async function lone(name: string, order: Order, steps: number, subjects: readonly Subject[]): Promise<Result[]> {
  const times = subjects.map((): number[] => []);
  for (let run = 0; run < LONE_WARM_UPS + LONE_RUNS; run += 1) {
    for (const [i, subject] of subjects.entries()) {
      const ms = await timed(subject.load(order, steps));
      if (run >= LONE_WARM_UPS) times[i]?.push(ms);
    }
  }
  const [whole = [], own = [], restate = []] = times;
  const peer = { name: "Restate", rounds: restate };
  return [compared(`${name}, whole platform`, whole, "ms", peer), compared(`${name}, engine alone`, own, "ms", peer)];
}

async function timed({ url, requests: [request] }: Load): Promise<number> {
  const startedAt = performance.now();
  const { path = "", method = "GET", headers = {}, body } = request ?? {};
  const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}${path}: ${response.status} ${text}`);
  return performance.now() - startedAt;
}
