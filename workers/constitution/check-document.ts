import { Problem } from "../platform/problem.ts";
import { platformDocument } from "./base.ts";
import type { Fault } from "./canonical-text.ts";
import { articlePolicies } from "./cedar-part.ts";
import { type ConstitutionText, readDocument } from "./document.ts";

/**
 * A tenant's document, read and checked: its form, its policies against the schema, and that no article stands under the id of one of the platform's.
 * @throws Problem `invalid-constitution` naming line and column of each fault
 */
export function checkedDocument(text: string): ConstitutionText {
  const read = readDocument(text);
  if ("faults" in read) throw invalid(read.faults);
  const { document } = read;
  const reserved = new Set(platformDocument().articles.map(({ id }) => id));
  const faults = [
    ...document.articles
      .filter(({ id }) => reserved.has(id))
      .map(({ id, line }) => ({
        line,
        column: 1,
        message: `the platform's constitution has an article ${id}; a tenant's adds to it and takes nothing away`,
      })),
    ...articlePolicies(document).faults,
  ];
  if (faults.length > 0) throw invalid(faults);
  return document;
}

function invalid(faults: readonly Fault[]): Problem {
  const [first] = faults;
  const errors = faults.map(({ line, column, message }) => ({ pointer: "/text", message, line, column }));
  return new Problem(
    "invalid-constitution",
    `The constitution cannot be read: line ${first?.line}, column ${first?.column}: ${first?.message}.`,
    { errors },
  );
}
