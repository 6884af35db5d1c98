import { z } from "zod";

/** Whose approval a version needs before it can come into force. It stands in the document in force, so that changing it needs that quorum itself. */
export const quorumSchema = z.strictObject({
  /** Approvals of so many. */
  approvals: z.number().int().min(1).max(20),
  /** Whether those who wrote the version count. */
  author: z.boolean().default(false),
  /** Whether service accounts and API keys count beside people: whoever makes keys can make many. */
  services: z.boolean().default(false),
});
export type Quorum = z.infer<typeof quorumSchema>;

/** Until a tenant sets its own: one approval of anyone who may approve. A tenant begins with one key, and has to be able to make its first document with it. */
export const FIRST_QUORUM: Quorum = { approvals: 1, author: true, services: true };

export interface Approval {
  readonly by: string;
  readonly kind: string;
  readonly at: number;
  readonly note?: string | undefined;
}

/** The approvals that count under a quorum: of distinct people, and not of the authors unless these may. */
export function countingApprovals(quorum: Quorum, approvals: readonly Approval[], authors: readonly string[]): Approval[] {
  const distinct = new Map(approvals.map((approval) => [approval.by, approval]));
  return [...distinct.values()].filter(
    ({ by, kind }) => (quorum.author || !authors.includes(by)) && (kind === "user" || (quorum.services && kind === "service")),
  );
}

export function hasQuorum(quorum: Quorum, approvals: readonly Approval[], authors: readonly string[]): boolean {
  return countingApprovals(quorum, approvals, authors).length >= quorum.approvals;
}
