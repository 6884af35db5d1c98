import { z } from "zod";

const MAX_NAME_CHARACTERS = 64;
/** Paths beside the templates': no template can have their names. */
const RESERVED = new Set(["import"]);

/** What a `run:` step can name. */
export const templateNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, { message: "expected a template's name: lower-case letters, digits and hyphens, at most 64" })
  .refine((name) => !RESERVED.has(name), { message: "this name is taken by the platform" });

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
  if (slug === "") return "template";
  return RESERVED.has(slug) ? `${slug}-template` : slug;
}
