import { type Graph, graphSchema } from "../graph.ts";
import { type Candidate, drawPattern } from "./drawings.ts";
import { cronOf } from "./parts.ts";
import { ADAPTER_OF, type Pattern, type RouteAdapter, SIGNS } from "./patterns.ts";

/** What a request would be run as. */
export interface Route {
  readonly pattern: Pattern;
  readonly adapter: RouteAdapter;
  readonly why: readonly string[];
  /** 0 to 1: how far the taken pattern is ahead of the others that were asked for. */
  readonly confidence: number;
  readonly graph: Graph;
  /** The times it is to happen at (five fields of cron), when the request names some. */
  readonly cron: string | undefined;
}

/** Nothing in the request speaks for more than one agent: likely, not certain. */
const CONFIDENCE_WITHOUT_SIGNS = 0.5;

/**
 * Says how a request would be run, by the words it is put in (see `SIGNS`): the pattern of the highest weight among those that are found. The graph
 * always validates.
 */
export function routeRequest(request: string, candidates: readonly Candidate[]): Route {
  const cron = cronOf(request);
  const found = SIGNS.flatMap(({ pattern, weight, words, why }) => {
    const said = words.exec(request)?.[0];
    return said === undefined || (pattern === "schedule" && cron === undefined)
      ? []
      : [{ pattern, weight, why: `“${shown(said)}”: ${why}` }];
  });
  const best = found.reduce<(typeof found)[number] | undefined>(
    (first, one) => (first === undefined || one.weight > first.weight ? one : first),
    undefined,
  );
  const pattern = best?.pattern ?? "single-agent";
  const own = found.filter((one) => one.pattern === pattern);
  const rivals = new Set(found.map((one) => one.pattern)).size - (best === undefined ? 0 : 1);
  const isRemote = pattern === "single-agent" && candidates[0]?.card !== undefined;
  return {
    pattern,
    adapter: isRemote ? "a2a" : ADAPTER_OF[pattern],
    why: best === undefined ? ["nothing in it asks for more than one agent"] : [...new Set(own.map(({ why }) => why))],
    confidence: best === undefined ? CONFIDENCE_WITHOUT_SIGNS : Math.round(100 / (1 + rivals / 2)) / 100,
    graph: graphSchema.parse(drawPattern(pattern, request, candidates)),
    cron: pattern === "schedule" ? cron : undefined,
  };
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
