import { type Graph, graphSchema } from "../graph.ts";
import { type Candidate, drawPattern } from "./drawings.ts";
import { collapsed, cronOf, pointsOf } from "./parts.ts";
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

/** What a request asks for is said by its beginning; what follows is material. */
const MAX_READ_CHARACTERS = 4_000;
/** Nothing in the request speaks for more than one agent: likely, not certain. */
const LIST_WEIGHT = 3;
const CONFIDENCE_WITHOUT_SIGNS = 0.5;

/**
 * Says how a request would be run, by the words it is put in (see `SIGNS`): the pattern of the highest weight among those that are found. The graph
 * always validates.
 */
export function routeRequest(request: string, candidates: readonly Candidate[]): Route {
  const said = collapsed(request.slice(0, MAX_READ_CHARACTERS));
  const cron = cronOf(said);
  const listed =
    pointsOf(request).length === 0 ? [] : [{ pattern: "sequence" as const, weight: LIST_WEIGHT, why: "it is a list of steps" }];
  const signs = SIGNS.flatMap(({ pattern, weight, words, why }) => {
    const heard = words.exec(said)?.[0];
    return heard === undefined || (pattern === "schedule" && cron === undefined)
      ? []
      : [{ pattern, weight, why: `“${shown(heard)}”: ${why}` }];
  });
  const found = [...signs, ...listed];
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
  const line = text.trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
