import { countingApprovals, type Quorum } from "../../workers/platform/quorum.ts";
import type { ConstitutionView, Version } from "./constitution-view.ts";

/** A version as the API shows it. */
export function versionDocument(view: ConstitutionView, version: Version) {
  const { id, number, title, sha256, note, authors, quorum, scheduledFor, activatedAt, retiredAt } = version;
  return {
    id,
    number,
    title,
    state: stateOf(view, version),
    sha256,
    note,
    authors: [...authors],
    quorum: { ...quorum },
    approvals: version.approvals.map(({ at, ...approval }) => ({ ...approval, at: iso(at) })),
    approvalsCounted: countingApprovals(view.quorum, version.approvals, authors).length,
    approvalsNeeded: view.quorum.approvals,
    createdAt: iso(version.createdAt),
    updatedAt: iso(version.updatedAt),
    ...(scheduledFor === undefined ? {} : { scheduledFor: iso(scheduledFor) }),
    ...(activatedAt === undefined ? {} : { activatedAt: iso(activatedAt) }),
    ...(retiredAt === undefined ? {} : { retiredAt: iso(retiredAt) }),
  };
}
export type VersionDocument = ReturnType<typeof versionDocument>;

/** How the book stands. */
export interface BookDocument {
  /** The version in force; none while the platform's constitution stands alone. */
  readonly inForce: VersionDocument | undefined;
  readonly quorum: Quorum;
  readonly scheduled: VersionDocument[];
}

function stateOf(view: ConstitutionView, version: Version) {
  if (view.state.inForce === version.id) return "in-force" as const;
  if (version.isDiscarded) return "discarded" as const;
  if (version.scheduledFor !== undefined) return "scheduled" as const;
  if (version.retiredAt !== undefined) return "retired" as const;
  return view.isApproved(version) ? ("approved" as const) : ("draft" as const);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
