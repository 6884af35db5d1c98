import { z } from "zod";

const MAX_NAME_CHARACTERS = 64;

/** What a `run:` step can name. */
export const templateNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, { message: "expected a template's name: lower-case letters, digits and hyphens, at most 64" });

/** A template's name made of whatever the files call it: `Marketing Strategy Crew` becomes `marketing-strategy-crew`. */
export function templateNameOf(text: string): string {
  const slug = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, MAX_NAME_CHARACTERS)
    .replace(/-+$/, "");
  return slug === "" ? "template" : slug;
}
