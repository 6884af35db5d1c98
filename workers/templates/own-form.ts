import type { Json } from "../platform/canonical-json.ts";
import type { Adapter, Compilation } from "./adapter.ts";
import type { Source } from "./source.ts";

/** The platform's own graph form, each file a template. */
export const ownForm: Adapter = {
  framework: "soma",
  title: "SomaAgent graph",
  looksLike: "a YAML or JSON file with `steps`, each of which says what it `uses`",
  recognise: (files) => {
    const graphs = files.filter(isGraph).length;
    if (graphs === 0) return 0;
    return graphs === files.length ? 1 : 0.7;
  },
  compile: (files): Compilation => ({
    templates: (files.some(isGraph) ? files.filter(isGraph) : files).map((file) => ({
      name: nameOf(file),
      graph: file.value,
      mapped: [],
      unmapped: [],
      placeOf: file.place,
    })),
    unmapped: files.some(isGraph)
      ? files.filter((file) => !isGraph(file)).map((file) => ({ what: file.path, where: file.place(""), why: "holds no graph" }))
      : [],
  }),
};

function isGraph({ value }: Source): boolean {
  const steps = isObject(value) ? value.steps : undefined;
  return isObject(steps) && Object.values(steps).some((step) => isObject(step) && typeof step.uses === "string");
}

function nameOf({ value, name }: Source): string {
  const given = isObject(value) ? value.name : undefined;
  return typeof given === "string" ? given : name.replace(/\.[a-z]+$/, "");
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
