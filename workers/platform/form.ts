import { readBounded } from "./bounded-body.ts";
import { Problem } from "./problem.ts";

/** A form of ours: a few names and a token. */
const MAX_FORM_BYTES = 65_536;
const MAX_FIELDS = 64;

/**
 * Reads the fields of an HTML form (`application/x-www-form-urlencoded`) within bounds of size and time. A name that is there twice is
 * refused: two readers of such a form could each take another value.
 * @throws Problem `unsupported-media-type`, `payload-too-large`, `request-timeout`, `invalid-request`
 */
export async function readForm(request: Request): Promise<ReadonlyMap<string, string>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded")
    throw new Problem("unsupported-media-type", "This address takes application/x-www-form-urlencoded; set the Content-Type header.");
  return fieldsOf(new URLSearchParams(new TextDecoder().decode(await readBounded(request, MAX_FORM_BYTES))));
}

/**
 * Parameters by their names, each of which may be there once (RFC 6749 §3.1).
 * @throws Problem `invalid-request`
 */
export function fieldsOf(parameters: URLSearchParams): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (fields.has(name)) throw new Problem("invalid-request", `The parameter ${JSON.stringify(name.slice(0, 64))} is there twice.`);
    if (fields.size >= MAX_FIELDS) throw new Problem("invalid-request", `There are more than ${MAX_FIELDS} parameters.`);
    fields.set(name, value);
  }
  return fields;
}
