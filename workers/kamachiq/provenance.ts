import { sha256Hex } from "../platform/crypto.ts";
import type { Manifest } from "./manifest.ts";

/**
 * Where a deliverable comes from, as an in-toto Statement v1 with a SLSA provenance v1 predicate.
 * @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export interface Statement {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: "https://slsa.dev/provenance/v1";
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: string;
      readonly externalParameters: Readonly<Record<string, unknown>>;
      readonly internalParameters: Readonly<Record<string, unknown>>;
      readonly resolvedDependencies: readonly { name: string; uri?: string; digest: { sha256: string } }[];
    };
    readonly runDetails: { readonly builder: { readonly id: string }; readonly metadata: { readonly invocationId: string } };
  };
}

/** Media type of a statement: in-toto Attestation Framework, v1. */
export const STATEMENT_MEDIA_TYPE = "application/vnd.in-toto+json";
const BUILD_TYPE = "urn:soma:build:kamachiq-project:v1";
const BUILDER = "urn:soma:builder:kamachiq:v1";

/** What a statement is made from: the manifest, without what it says of the statements themselves. */
export type Provenanced = Omit<Manifest, "deliverables"> & {
  readonly deliverables: readonly Omit<Manifest["deliverables"][number], "provenanceSha256">[];
};

/**
 * The statement about one deliverable. It is a function of the manifest alone, so that whoever has the manifest can make it again, byte for byte; times are
 * left out for that reason.
 * @returns undefined when the manifest has no such deliverable
 */
export function provenanceOf(manifest: Provenanced, name: string): Statement | undefined {
  const deliverable = manifest.deliverables.find((candidate) => candidate.name === name);
  if (deliverable === undefined) return undefined;
  const steps = manifest.steps.filter(({ step }) => deliverable.madeFrom.includes(step));
  const read = new Set(steps.flatMap(({ madeFrom }) => madeFrom));
  const sources = manifest.sources.filter((source) => read.has(source.name));
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name, digest: { sha256: deliverable.sha256 } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { project: manifest.project, title: manifest.title, deliverable: name, mediaType: deliverable.mediaType },
        internalParameters: {
          madeBy: deliverable.madeBy,
          steps: steps.map(({ step, goal, capsule, inputs, engine, resultSha256 }) => ({
            step,
            goal,
            capsule,
            inputs,
            engine,
            resultSha256,
          })),
          review: manifest.review,
        },
        resolvedDependencies: [
          { name: "brief", digest: { sha256: manifest.briefSha256 } },
          ...sources.map((source) => ({
            name: source.name,
            uri: `urn:soma:artifact:${source.artifact}`,
            digest: { sha256: source.sha256 },
          })),
        ],
      },
      runDetails: { builder: { id: BUILDER }, metadata: { invocationId: manifest.project } },
    },
  };
}

/** A statement as it is served, and the hash by which the manifest covers it. */
export function statementText(statement: Statement): { text: string; sha256: string } {
  const text = JSON.stringify(statement);
  return { text, sha256: sha256Hex(text) };
}
