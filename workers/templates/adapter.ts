import type { Place } from "./place.ts";
import type { Source } from "./source.ts";

/** What an adapter carried over: `tools`, `process: hierarchical` … */
export interface Mapped {
  /** What the framework calls it, with the thing it belongs to: `research_task.context`. */
  readonly what: string;
  readonly where: Place;
  /** What it became: `steps.research_task.needs`. */
  readonly to: string;
}

/** What an adapter could not carry over. */
export interface Unmapped {
  readonly what: string;
  readonly where: Place;
  /** Why not, and what to do about it where something can be done. */
  readonly why: string;
}

/** A template that an adapter made. */
export interface Compiled {
  /** A name for the template, as the files suggest it; whoever keeps it makes it one that fits. */
  readonly name: string;
  /** In the graph form, as a person would write it; whoever keeps it checks it. */
  readonly graph: unknown;
  readonly mapped: readonly Mapped[];
  readonly unmapped: readonly Unmapped[];
  /** The place in the files of a part of the graph (JSON pointer into it), for what is found wrong with it. */
  readonly placeOf: (pointer: string) => Place;
}

/** What an adapter made of some files. */
export interface Compilation {
  /** One, or several where the files hold a collection. */
  readonly templates: readonly Compiled[];
  /** What belongs to none of them. */
  readonly unmapped: readonly Unmapped[];
}

export interface CompileOptions {
  /** What says how things outside the files are bound here: nodes to agents, tools to tools. Its form is the framework's. */
  readonly binding?: Source;
  /** Ids of the platform's tools: what a framework's tool may become. */
  readonly tools: ReadonlySet<string>;
}

/** Reads the files of one framework. */
export interface Adapter {
  readonly framework: string;
  /** For people. */
  readonly title: string;
  /** What its files look like, to tell whoever gave files that nobody knew. */
  readonly looksLike: string;
  /** How surely the files are this framework's: 0 for no, 1 for surely. Looks at names and contents, and throws nothing. */
  readonly recognise: (files: readonly Source[]) => number;
  /**
   * Makes graphs of the files. Everything in them is mapped or unmapped; nothing is dropped in silence.
   * @throws Problem `invalid-template` when nothing could be made of them, with the places of what is wrong
   */
  readonly compile: (files: readonly Source[], options: CompileOptions) => Compilation;
}

/**
 * The places of the parts of a graph that an adapter built: a pointer that is not noted has the place of the nearest part around it.
 * @param fallback the place of the whole
 */
export function placesOf(noted: ReadonlyMap<string, Place>, fallback: Place): (pointer: string) => Place {
  return (pointer) => {
    for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
      const place = noted.get(at);
      if (place !== undefined) return place;
    }
    return fallback;
  };
}
