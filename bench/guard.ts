import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../clients/cli/platform/build.ts";
import { inTurns, NONE } from "./load.ts";
import { makeTenant } from "./platform-client.ts";
import { runtimeProcessorMs } from "./processor-time.ts";
import { alone, median, type Result } from "./result.ts";
import { newOperatorToken, platformWorker, type ServedWorker, serve } from "./serve.ts";

/** Decisions in all, and of one request: a clock inside workerd stands still while it computes, so that requests are timed from outside. */
const DECISIONS = 100_000;
const A_REQUEST = 20;
const MOST_P99_MS = 1;
const MOST_ADDED_US = 300;
/** Tenants that take turns: one alone would meet its rate limit within seconds. */
const TENANTS = 32;
const CEDAR = "node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm";

/**
 * The guard at 200 policies: decisions that Cedar makes anew each time, and decisions that are kept; then what a credential, the rate and the guard add to a
 * route of the platform that asks for none of them, in the same run.
 */
export async function measureGuard(): Promise<Result[]> {
  const operatorToken = newOperatorToken();
  const served = await serve([await platformWorker(operatorToken), await guardWorker()]);
  try {
    const [guard, platform] = [await served.url("guard"), await served.url("platform")];
    await fetch(`${guard}/cold?n=1000`);
    const cold = await timed(`${guard}/cold?n=${A_REQUEST}`, DECISIONS / A_REQUEST);
    const kept = await timed(`${guard}/kept?n=${A_REQUEST}`, DECISIONS / A_REQUEST / 10);
    const keys = await Promise.all(Array.from({ length: TENANTS }, () => makeTenant(platform, operatorToken)));
    const [bare = NONE, asked = NONE] = await inTurns([
      { url: platform, requests: [{ path: "/version" }] },
      { url: platform, requests: keys.map((key) => ({ path: "/v1/policy/decision-log", headers: { authorization: `Bearer ${key}` } })) },
    ]);
    const added = median(asked.processorUs.map((value, i) => value - (bare.processorUs[i] ?? Number.NaN)));
    return [
      alone("guard at 200 policies: decisions by Cedar", cold.count, "decisions"),
      alone("guard at 200 policies: p99 of 20 at a time, each", cold.p99Ms, "ms", MOST_P99_MS),
      alone("guard at 200 policies: median, each", cold.medianMs, "ms"),
      alone("guard at 200 policies: processor time, each", cold.processorUs, "µs"),
      alone("guard at 200 policies: kept decision, processor time", kept.processorUs, "µs"),
      ...(Number.isNaN(added) ? [] : [alone("credential, rate and guard: processor time added to a route", added, "µs", MOST_ADDED_US)]),
    ];
  } finally {
    await served.stop();
  }
}

/** Asks one request after another, so that none waits for another. Times are of a decision: its share of the request's. */
async function timed(url: string, requests: number): Promise<{ count: number; p99Ms: number; medianMs: number; processorUs: number }> {
  const times: number[] = [];
  const before = runtimeProcessorMs() ?? Number.NaN;
  for (let i = 0; i < requests; i += 1) {
    const startedAt = performance.now();
    await (await fetch(url)).text();
    times.push((performance.now() - startedAt) / A_REQUEST);
  }
  const processorUs = (((runtimeProcessorMs() ?? Number.NaN) - before) * 1_000) / (requests * A_REQUEST);
  const sorted = times.toSorted((a, b) => a - b);
  const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  return { count: requests * A_REQUEST, p99Ms, medianMs: median(times), processorUs };
}

/** The policies' part of the Worker by itself: its texts bundled, Cedar beside it. */
async function guardWorker(): Promise<ServedWorker> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "bench/workers/guard.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".cedar": "text", ".cedarschema": "text" },
    plugins: [
      {
        name: "cedar",
        setup: ({ onResolve }) => onResolve({ filter: /\.wasm$/ }, () => ({ path: "./cedar.wasm", external: true })),
      },
    ],
  });
  return {
    name: "guard",
    compatibilityDate: "2026-10-01",
    compatibilityFlags: ["nodejs_compat"],
    modules: [
      { type: "ESModule", path: "index.js", contents: outputFiles[0]?.text ?? "" },
      { type: "CompiledWasm", path: "cedar.wasm", contents: readFileSync(join(ROOT, CEDAR)) },
    ],
  };
}
