/** The names by which participants are known here; no two alike. */
export interface Names {
  /** The name here of a participant, the same whenever it is asked for. */
  of(foreign: string): string;
}

/** Names are lower-case letters, digits and hyphens, and begin with a letter. */
export function newNames(): Names {
  const known = new Map<string, string>();
  const used = new Set<string>();
  return {
    of(foreign) {
      const before = known.get(foreign);
      if (before !== undefined) return before;
      const plain = foreign
        .normalize("NFKD")
        .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+|-+$/g, "")
        .slice(0, 58)
        .replace(/-+$/, "");
      const base = plain === "" ? "agent" : plain;
      let name = base;
      for (let n = 2; used.has(name); n += 1) name = `${base}-${n}`;
      used.add(name);
      known.set(foreign, name);
      return name;
    },
  };
}
