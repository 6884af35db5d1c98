/** Room for `_before`, `_after`, `_route` and a number behind a name of at most 64 characters. */
const MAX_SLUG_CHARACTERS = 52;
/** What CEL does not take for the name of a member. */
const NO_IDENTIFIERS = new Set(["in", "true", "false", "null"]);
/** `compileFlow` calls its loops so. */
const LOOP = /^loop(_\d+)?$/;

/** Gives foreign names the form of step names, no two alike, with room for the steps around each: `Review Code` becomes `review_code`. */
export function stepNames(): (foreign: string) => string {
  const used = new Set<string>();
  const around = (name: string): string[] => [name, `${name}_before`, `${name}_after`, `${name}_route`];
  return (foreign) => {
    const slug = slugOf(foreign, "_");
    const base = slug === "" ? "step" : NO_IDENTIFIERS.has(slug) || LOOP.test(slug) ? `${slug}_step` : slug;
    const name = freeName(base, "_", (candidate) => around(candidate).some((one) => used.has(one)));
    for (const one of around(name)) used.add(one);
    return name;
  };
}

/** Gives foreign names the form of agents' names, no two alike: `Review Code` becomes `review-code`. */
export function agentNames(taken: Iterable<string>): (foreign: string) => string {
  const used = new Set(taken);
  return (foreign) => {
    const slug = slugOf(foreign, "-");
    const name = freeName(slug === "" ? "agent" : slug, "-", (candidate) => used.has(candidate));
    used.add(name);
    return name;
  };
}

function freeName(base: string, separator: string, isTaken: (name: string) => boolean): string {
  let name = base;
  for (let n = 2; isTaken(name); n += 1) name = `${base}${separator}${n}`;
  return name;
}

function slugOf(foreign: string, separator: "_" | "-"): string {
  const words =
    foreign
      .normalize("NFKD")
      .toLowerCase()
      .replace(/\p{M}/gu, "")
      .match(/[a-z0-9]+/g) ?? [];
  return words
    .join(separator)
    .replace(/^[^a-z]+/, "")
    .slice(0, MAX_SLUG_CHARACTERS)
    .replace(/[_-]+$/, "");
}
