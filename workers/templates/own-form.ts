import type { Json } from "../platform/canonical-json.ts";
import type { Adapter, Compilation } from "./adapter.ts";
import type { Source } from "./source.ts";

/** The platform's own graph form, each file a template. */
export const ownForm: Adapter = {
  framework: "soma",
  title: "SomaAgent graph",
  looksLike: "a YAML or JSON file with `steps`, each of which says what it `uses`",
  recognise: (files) => (files.length > 0 && files.every(isGraph) ? 1 : 0),
  compile: (files): Compilation => ({
    templates: files.map((file) => ({
      name: nameOf(file),
      graph: file.value,
      mapped: [],
      unmapped: [],
      placeOf: file.place,
    })),
    unmapped: [],
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
