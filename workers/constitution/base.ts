import platformConstitution from "../../policies/constitution/constitution.md";
import { type ConstitutionText, readDocument } from "./document.ts";

let base: ConstitutionText | undefined;

/**
 * The platform's own constitution, which every tenant's extends.
 * @throws Error when it is not well formed, so that a build with such a one decides nothing
 */
export function platformDocument(): ConstitutionText {
  if (base === undefined) {
    const read = readDocument(platformConstitution);
    if ("faults" in read) {
      const { line, column, message } = read.faults[0] ?? { line: 1, column: 1, message: "is not readable" };
      throw new Error(`the platform's constitution, line ${line}, column ${column}: ${message}`);
    }
    base = read.document;
  }
  return base;
}
