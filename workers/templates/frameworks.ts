import { Problem } from "../platform/problem.ts";
import type { Adapter } from "./adapter.ts";
import { agentSpec } from "./agent-spec/adapter.ts";
import { autogen } from "./autogen/adapter.ts";
import { crewai } from "./crewai/adapter.ts";
import { langgraph } from "./langgraph/adapter.ts";
import { ownForm } from "./own-form.ts";
import type { Source } from "./source.ts";

/** Every form of files that can be imported. Another framework is another line. */
export const ADAPTERS: readonly Adapter[] = [ownForm, crewai, autogen, langgraph, agentSpec];

/**
 * The adapter for some files: the one that is asked for, or the one that recognises them most surely (the first of the list among equals).
 * @param framework its name, when the caller says it
 * @throws Problem `invalid-request` for a framework that is not known, `invalid-template` when nobody recognises the files
 */
export function adapterFor(files: readonly Source[], framework?: string): Adapter {
  if (framework !== undefined) {
    const named = ADAPTERS.find((adapter) => adapter.framework === framework);
    if (named !== undefined) return named;
    throw new Problem(
      "invalid-request",
      `There is no adapter for ${framework}; there are ${ADAPTERS.map((known) => known.framework).join(", ")}.`,
    );
  }
  let best: { adapter: Adapter; sureness: number } | undefined;
  for (const adapter of ADAPTERS) {
    const sureness = adapter.recognise(files);
    if (sureness > (best?.sureness ?? 0)) best = { adapter, sureness };
  }
  if (best !== undefined) return best.adapter;
  const known = ADAPTERS.map(({ title, looksLike }) => `${title}: ${looksLike}`).join("; ");
  throw new Problem("invalid-template", `The files are none that can be imported. Known are ${known}.`, {
    errors: files.map(({ path, place }) => ({ pointer: "", message: "is not recognised", ...place(""), file: path })),
  });
}
