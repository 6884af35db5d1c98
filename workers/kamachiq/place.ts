import { Problem } from "../platform/problem.ts";
import { decodeCursor } from "../platform/route.ts";

/** How many items of a project's list were shown before, by the cursor of the page before. @throws Problem `invalid-request` when it is none of ours */
export function placeOf(cursor: string | undefined): number {
  const text = cursor === undefined ? "0" : decodeCursor(cursor);
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Problem("invalid-request", "The cursor is not one this list gave; leave it out to start from the first page.", {
    errors: [{ pointer: "query:cursor", message: "not a cursor" }],
  });
}
