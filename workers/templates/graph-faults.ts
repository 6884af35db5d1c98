import type { z } from "zod";
import { type Graph, graphSchema } from "../mao/graph.ts";
import { graphFaults } from "../mao/validate.ts";
import { pointerOf } from "./place.ts";

/** One thing wrong with a graph, and where in it (RFC 6901). */
interface GraphFault {
  readonly pointer: string;
  readonly message: string;
}

/** A graph that can run, or all that is wrong with it. */
export type CheckedGraph =
  | { readonly graph: Graph; readonly faults?: undefined }
  | { readonly graph?: undefined; readonly faults: readonly GraphFault[] };

/** Checks something that is to be a graph: its form first, then whether it could run. */
export function checkedGraph(value: unknown): CheckedGraph {
  const parsed = graphSchema.safeParse(value);
  if (!parsed.success) return { faults: parsed.error.issues.flatMap((issue) => faultsOfIssue(issue, [])) };
  const faults = graphFaults(parsed.data);
  return faults.length > 0 ? { faults } : { graph: parsed.data };
}

/** An issue in words a person can act on; of a choice between forms, what is wrong with the form that was most nearly met. */
function faultsOfIssue(issue: z.core.$ZodIssue, around: readonly PropertyKey[]): GraphFault[] {
  const path = [...around, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      pointer: pointerOf([...path, key]),
      message: `there is no ${JSON.stringify(key.slice(0, 100))} here`,
    }));
  if (issue.code === "invalid_key") return [{ pointer: pointerOf(path), message: issue.issues[0]?.message ?? issue.message }];
  if (issue.code !== "invalid_union") return [{ pointer: pointerOf(path), message: issue.message }];
  const nearest = [...issue.errors].sort((a, b) => distance(a) - distance(b))[0] ?? [];
  if (nearest.length === 0) return [{ pointer: pointerOf(path), message: issue.message }];
  return nearest.flatMap((inner) => faultsOfIssue(inner, path));
}

/** How far a value is from a form: one of another type or kind is not of it at all, one with a wrong part is. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  const isOfAnotherKind = issues.some(
    (issue) => issue.code === "invalid_value" || (issue.code === "invalid_type" && issue.path.length === 0),
  );
  return issues.length + (isOfAnotherKind ? 1_000 : 0);
}
