/** The names of steps in a journal: what runs inside a step stands under its name. */

/** The step that works on one item of a `for_each`; items count from 0. */
export function itemName(step: string, index: number): string {
  return `${step}/${index}`;
}

/** The step of one iteration of an `until`; iterations count from 1. */
export function iterationName(step: string, iteration: number): string {
  return `${step}/i${iteration}`;
}

/** The step directly under `prefix` that `name` is, or is inside of; undefined when it is not under it. */
export function unitUnder(prefix: string, name: string): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  for (let at = prefix.length; at < name.length; at += 1) if (name[at] === "/" || name[at] === "#") return name.slice(0, at);
  return name;
}

/** The step that takes back what `step` did. */
export function undoName(step: string): string {
  return `undo/${step}`;
}
