import type { z } from "zod";
import type { Graph } from "../mao/graph.ts";
import { Problem } from "../platform/problem.ts";
import type { Compiled, Mapped, Unmapped } from "./adapter.ts";
import { ADAPTERS, adapterFor } from "./frameworks.ts";
import { checkedGraph } from "./graph-faults.ts";
import { MAX_SOURCE_FILES, type PlacedFault, parseSource, type Source, type sourceFileSchema, sourceProblem } from "./source.ts";
import { templateNameOf } from "./template-name.ts";

type SourceFile = z.infer<typeof sourceFileSchema>;

export interface ImportOptions {
  /** The framework's name when the caller knows it; else it is recognised. */
  readonly framework?: string | undefined;
  /** A name for the template; of several, each gets its own behind it. */
  readonly name?: string | undefined;
  readonly binding?: SourceFile | undefined;
  /** Ids of the platform's tools. */
  readonly tools: ReadonlySet<string>;
}

/** A template that can run, with what became of each thing in the files. */
export interface ImportedTemplate {
  readonly name: string;
  readonly graph: Graph;
  readonly mapped: readonly Mapped[];
  readonly unmapped: readonly Unmapped[];
}

export interface ImportedFiles {
  readonly framework: string;
  readonly templates: readonly [ImportedTemplate, ...ImportedTemplate[]];
  /** What belongs to none of the templates; a template that could not run is told here. */
  readonly unmapped: readonly Unmapped[];
}

/**
 * Makes templates of files, ours or a framework's.
 * @throws Problem `invalid-template` when nothing can be made of them: each fault with file, line and column
 */
export function compileFiles(files: readonly SourceFile[], options: ImportOptions): ImportedFiles {
  if (files.length > MAX_SOURCE_FILES)
    throw new Problem("invalid-request", `${files.length} files were given; one import takes ${MAX_SOURCE_FILES}.`);
  const { sources, adapter, unread } = readFiles(files, options.framework);
  const { tools } = options;
  const binding = options.binding === undefined ? {} : { binding: parseSource(options.binding.path, options.binding.text) };
  const compilation = adapter.compile(sources, { tools, ...binding });
  const checked = compilation.templates.map((compiled) => ({ compiled, ...checkedGraph(compiled.graph) }));
  const faults = checked.flatMap(({ compiled, faults: found = [] }) => placed(compiled, found));
  const names = namesOf(compilation.templates, options.name);
  const [first, ...others] = checked.flatMap(({ compiled, graph }, i) => {
    const { mapped, unmapped } = compiled;
    const name = names[i] ?? templateNameOf(compiled.name);
    return graph === undefined ? [] : [{ name, graph: { name: compiled.name.slice(0, 200), ...graph }, mapped, unmapped }];
  });
  if (first === undefined) throw sourceProblem(faults);
  const left = faults.map(({ place, pointer, message }) => ({ what: pointer, where: place, why: `the template cannot run: ${message}` }));
  return { framework: adapter.framework, templates: [first, ...others], unmapped: [...compilation.unmapped, ...unread, ...left] };
}

/** At this sureness the files that were read are whole without the ones that could not be: those are somebody else's. */
const SURE = 0.9;

/** @throws Problem `invalid-template` when a file does not parse and the others are not surely enough without it */
function readFiles(files: readonly SourceFile[], framework: string | undefined) {
  const sources: Source[] = [];
  const unread: Unmapped[] = [];
  let broken: Problem | undefined;
  for (const { path, text } of files) {
    try {
      sources.push(parseSource(path, text));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      broken ??= error;
      const [fault] = error.errors;
      const where = { file: path, line: fault?.line ?? 1, column: fault?.column ?? 1 };
      unread.push({ what: path, where, why: `cannot be read: ${fault?.message ?? error.detail}` });
    }
  }
  if (broken !== undefined && !ADAPTERS.some((adapter) => adapter.recognise(sources) >= SURE)) throw broken;
  return { sources, unread, adapter: adapterFor(sources, framework) };
}

function placed(compiled: Compiled, faults: readonly { pointer: string; message: string }[]): PlacedFault[] {
  return faults.map(({ pointer, message }) => ({ place: compiled.placeOf(pointer), pointer, message }));
}

/** A name for each template, no two alike. */
function namesOf(templates: readonly Compiled[], given: string | undefined): string[] {
  const used = new Set<string>();
  return templates.map((compiled) => {
    const own = given === undefined ? compiled.name : templates.length === 1 ? given : `${given}-${compiled.name}`;
    const name = templateNameOf(own);
    let free = name;
    for (let n = 2; used.has(free); n += 1) free = templateNameOf(`${name.slice(0, 60)}-${n}`);
    used.add(free);
    return free;
  });
}
