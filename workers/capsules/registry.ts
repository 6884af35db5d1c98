import { maxSatisfying } from "semver";
import { parse } from "yaml";
import { Problem } from "../platform/problem.ts";
import aggregate from "./builtin/aggregate.yaml";
import answerFromDocuments from "./builtin/answer-from-documents.yaml";
import compareGroups from "./builtin/compare-groups.yaml";
import correlate from "./builtin/correlate.yaml";
import describe from "./builtin/describe.yaml";
import distribution from "./builtin/distribution.yaml";
import planBrief from "./builtin/plan-brief.yaml";
import provisionAgents from "./builtin/provision-agents.yaml";
import rank from "./builtin/rank.yaml";
import reviewReport from "./builtin/review-report.yaml";
import trendOverTime from "./builtin/trend-over-time.yaml";
import { type CapsuleManifest, capsuleManifestSchema } from "./manifest.ts";

const TEXTS = [
  aggregate,
  answerFromDocuments,
  compareGroups,
  correlate,
  describe,
  distribution,
  planBrief,
  provisionAgents,
  rank,
  reviewReport,
  trendOverTime,
];

let parsed: readonly CapsuleManifest[] | undefined;

/** The capsules that come with the platform, read once an isolate. */
export function listCapsules(): readonly CapsuleManifest[] {
  parsed ??= TEXTS.map((text) => capsuleManifestSchema.parse(parse(text)));
  return parsed;
}

/**
 * The newest version of a capsule of the platform that a reference allows; `findCapsule` looks among the tenant's own first.
 * @param reference `<name>@<semver range>`, for example `rank@^1`
 * @throws Problem `not-found`
 */
export function builtinCapsule(reference: string): CapsuleManifest {
  const [name = "", range = "*"] = reference.split("@");
  const named = listCapsules().filter((capsule) => capsule.name === name);
  const version = maxSatisfying(
    named.map((capsule) => capsule.version),
    range,
  );
  const found = named.find((capsule) => capsule.version === version);
  if (found === undefined) throw new Problem("not-found", `There is no capsule ${reference}; GET /v1/capsules lists them.`);
  return found;
}
