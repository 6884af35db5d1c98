import { setTimeout as sleep } from "node:timers/promises";
import { collectLog } from "../../clients/cli/audit-export.ts";
import { must, somaClient } from "../../clients/sdk/client.ts";
import { createOnce } from "./create-once.ts";
import { contentsOf } from "./forged-log.ts";
import { insist } from "./insist.ts";
import { DEATHS, MortalPlatform } from "./mortal-platform.ts";
import { proveTamper, type TamperProof } from "./prove-tamper.ts";
import { RecordingServer } from "./recording-server.ts";

/** What was asked for outside, and what the log has of it. */
interface Effects {
  /** Requests that reached the server on the other side. */
  readonly seen: number;
  /** Things it was asked for of which the log has no attempt. */
  readonly unrecorded: number;
  /** Successes in the log that the server never saw. */
  readonly invented: number;
  /** Requests that came again, since a kill took the answer to the first: reading may be repeated, under the same attempt. */
  readonly repeated: number;
  /** Steps that the log says were open when work went on after an interruption: no more requests than these may come again. */
  readonly reopened: number;
}

export interface RecordProof extends TamperProof {
  readonly kills: number;
  readonly effects: Effects;
}

const LOOK_EVERY_MS = 250;
/** Between kills the work gets on a little. */
const LIFE_MS = 1_500;

/**
 * Lets a run ask a server on the other side for many things while the platform is killed, alarms fire twice and messages come twice; then compares
 * what the server saw with what the transparency log has, and attacks the log in every way there is.
 */
export async function proveRecord(items: number, kills: number, signal: AbortSignal, tell: (words: string) => void): Promise<RecordProof> {
  const server = await RecordingServer.begin();
  process.env.SOMA_OUTBOUND_ALLOW = server.host;
  const platform = await MortalPlatform.begin();
  try {
    const client = somaClient(platform);
    const run = await createOnce(platform, "/v1/mao/runs", {
      graph: graphOf(server.host),
      inputs: { numbers: Array.from({ length: items }, (_, i) => i) },
    });
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(LIFE_MS, undefined, { signal });
      const death = DEATHS[kill % DEATHS.length] ?? "both";
      tell(`kill ${kill + 1} of ${kills}: ${death}`);
      await platform.dieAndComeBack(death);
    }
    const isRunning = async () => {
      const { state, problem } = await insist(() => must(client.api.GET("/v1/mao/runs/{id}", { params: { path: { id: run } } })));
      if (state === "failed" || state === "cancelled") throw new Error(`the run ended as ${state}: ${problem?.detail ?? ""}`);
      return state !== "completed";
    };
    while (await isRunning()) await sleep(LOOK_EVERY_MS, undefined, { signal });
    tell("the run has ended; waiting for its last event in the log");
    const isArriving = async () => {
      const query = { object: run, type: "run.completed" };
      return (await insist(() => must(client.api.GET("/v1/audit/events", { params: { query } })))).items.length === 0;
    };
    while (await isArriving()) await sleep(LOOK_EVERY_MS, undefined, { signal });
    const { files } = await insist(() => collectLog(client, platform, signal));
    const effects = compared(server.seen, contentsOf(files), run);
    tell("attacking the log");
    const proof = await proveTamper(files);
    return { ...proof, kills, effects, isSound: proof.isSound && isAccountedFor(effects) };
  } finally {
    await platform.end();
    await server.end();
  }
}

function isAccountedFor({ unrecorded, invented, repeated, reopened }: Effects): boolean {
  return unrecorded === 0 && invented === 0 && repeated <= reopened;
}

/** Each thing the server was asked for must be an attempt in the log, each success in the log must have reached it, and what came twice must be accounted for. */
function compared(
  seen: readonly string[],
  { records, payloads }: { records: readonly string[]; payloads: readonly string[] },
  run: string,
): Effects {
  const attempted = new Set<string>();
  const done = new Set<string>();
  let reopened = 0;
  for (const [i, line] of records.entries()) {
    const { object, type } = JSON.parse(line);
    if (object !== run) continue;
    const { data } = JSON.parse(payloads[i] ?? "null") ?? {};
    const item = /^fetch\/(\d+)$/.exec(data?.step ?? "")?.[1];
    if (type === "work.resumed") reopened += Number(data?.openSteps ?? 0);
    if (item !== undefined && type === "step.intended") attempted.add(item);
    if (item !== undefined && type === "step.done") done.add(item);
  }
  const asked = new Set(seen.map((path) => path.slice("/item/".length)));
  const unrecorded = [...asked].filter((item) => !attempted.has(item)).length;
  const invented = [...done].filter((item) => !asked.has(item)).length;
  return { seen: seen.length, unrecorded, invented, repeated: seen.length - asked.size, reopened };
}

function graphOf(host: string) {
  const expression = (text: string) => `\${${text}}`;
  return {
    inputs: { numbers: { type: "array" } },
    max_parallel: 16,
    steps: {
      fetch: {
        uses: "tool:http.fetch",
        for_each: expression("inputs.numbers"),
        max_parallel: 8,
        with: { url: `http://${host}/item/${expression("item")}` },
      },
    },
    outputs: { pages: expression("steps.fetch.output.map(page, page.status)") },
  };
}
