import { z } from "zod";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { EventData, LoggedEvent } from "../../workers/platform/events.ts";
import { FIRST_QUORUM, hasQuorum, type Quorum, quorumSchema } from "../../workers/platform/quorum.ts";
import type { View } from "../event-log/event-log.ts";

const approvalSchema = z.object({ by: z.string(), kind: z.string(), at: z.number(), note: z.string().optional() });

const versionSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  sha256: z.string(),
  title: z.string(),
  /** What the document itself asks for, once it is in force. */
  quorum: quorumSchema,
  note: z.string(),
  /** Everyone who wrote it. */
  authors: z.array(z.string()),
  createdAt: z.number(),
  updatedAt: z.number(),
  approvals: z.array(approvalSchema),
  /** When it is to come into force. */
  scheduledFor: z.number().optional(),
  /** Who said so. */
  scheduledBy: z.string().optional(),
  isDiscarded: z.boolean(),
  activatedAt: z.number().optional(),
  retiredAt: z.number().optional(),
});
export type Version = z.infer<typeof versionSchema>;

const stateSchema = z.object({
  versions: z.array(versionSchema),
  /** The version in force, and whether governance was told of it. */
  inForce: z.string().optional(),
  isTold: z.boolean(),
});
export type ConstitutionState = z.infer<typeof stateSchema>;

/** What a tenant's book of constitutions knows by its events. */
export class ConstitutionView implements View {
  readonly name = "constitution";
  state: ConstitutionState = { versions: [], isTold: true };

  /** Whose approval is needed now: by the document in force. */
  get quorum(): Quorum {
    return this.inForce?.quorum ?? FIRST_QUORUM;
  }

  get inForce(): Version | undefined {
    return this.version(this.state.inForce ?? "");
  }

  version(id: string): Version | undefined {
    return this.state.versions.find((version) => version.id === id);
  }

  isApproved({ approvals, authors }: Version): boolean {
    return hasQuorum(this.quorum, approvals, authors);
  }

  apply(event: LoggedEvent): void {
    if (event.type === "constitution.drafted") applyDraft(this.state, event.data, event.at);
    else if (event.type === "constitution.activated") activate(this.state, event.data.id, event.at);
    else if (event.type === "constitution.in-force") this.state.isTold = this.state.inForce === event.data.id;
    else if ("id" in event.data && typeof event.data.id === "string") {
      const version = this.version(event.data.id);
      if (version !== undefined) applyToVersion(version, event);
    }
  }

  snapshot(): Json {
    return parsedJsonSchema.parse(JSON.parse(JSON.stringify(this.state)));
  }

  restore(snapshot: unknown): void {
    this.state = stateSchema.parse(snapshot);
  }
}

function applyDraft(state: ConstitutionState, data: EventData["constitution.drafted"], at: number): void {
  const { id, sha256, title, quorum, note, by } = data;
  const known = state.versions.find((version) => version.id === id);
  if (known === undefined) {
    const times = { createdAt: at, updatedAt: at };
    const number = state.versions.length + 1;
    state.versions.push({ id, number, sha256, title, quorum, note, authors: [by], ...times, approvals: [], isDiscarded: false });
    return;
  }
  if (known.sha256 !== sha256) known.approvals = [];
  Object.assign(known, { sha256, title, quorum, note, updatedAt: at, authors: [...new Set([...known.authors, by])] });
}

function activate(state: ConstitutionState, id: string, at: number): void {
  for (const version of state.versions) {
    if (version.id === state.inForce && version.id !== id) version.retiredAt = at;
    if (version.id !== id) continue;
    version.activatedAt = at;
    delete version.retiredAt;
    delete version.scheduledFor;
  }
  state.inForce = id;
  state.isTold = false;
}

function applyToVersion(version: Version, event: LoggedEvent): void {
  version.updatedAt = event.at;
  switch (event.type) {
    case "constitution.approved": {
      const { by, kind, note } = event.data;
      const others = version.approvals.filter((approval) => approval.by !== by);
      version.approvals = [...others, { by, kind, at: event.at, ...(note === undefined ? {} : { note }) }];
      return;
    }
    case "constitution.approval-withdrawn":
      version.approvals = version.approvals.filter(({ by }) => by !== event.data.by);
      return;
    case "constitution.scheduled":
      version.scheduledFor = event.data.at;
      version.scheduledBy = event.data.by;
      return;
    case "constitution.unscheduled":
      delete version.scheduledFor;
      return;
    case "constitution.discarded":
      version.isDiscarded = true;
      return;
    default:
      return;
  }
}
