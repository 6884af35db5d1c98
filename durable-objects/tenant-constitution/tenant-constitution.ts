import { DurableObject } from "cloudflare:workers";
import { publishAudit } from "../../queues/agent-audit.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { EventData } from "../../workers/platform/events.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { RecordedDecision } from "../../workers/platform/recorded.ts";
import { changeGovernance } from "../../workers/policy/governance-of.ts";
import { EventLog } from "../event-log/event-log.ts";
import { type Covered, FLUSH_DELAY_MS, Outbox } from "../event-log/outbox.ts";
import { AlarmClock } from "../schedule/alarm-clock.ts";
import { Drive } from "../schedule/drive.ts";
import { ConstitutionView, type Version } from "./constitution-view.ts";
import { type BookDocument, type VersionDocument, versionDocument } from "./version-document.ts";

/** Versions of one tenant, ever: each is a row of a view that every wake rebuilds. */
const MAX_VERSIONS = 1_000;
/** Drafts that are neither discarded nor were ever in force. */
const MAX_OPEN_DRAFTS = 20;
/** How far ahead a version may be set to come into force. */
const MAX_AHEAD_MS = 366 * 86_400_000;
/** Governance that could not be told is told again after this. */
const TELL_AGAIN_MS = 5_000;

/** Who does something, and the decision that allowed it. */
export interface Act {
  readonly principal: Principal;
  readonly decision: RecordedDecision;
}

/** A text of which hash and title are known, and which is stored. */
export interface KeptText extends Pick<EventData["constitution.drafted"], "sha256" | "title" | "quorum" | "note"> {}

/**
 * A tenant's book of constitutions: versions are drafted, approved by the quorum that the one in force asks for, and come into force at once or at a set time.
 * What is decided is an event before governance is told of it, so that a death in between leaves nothing half done: the alarm tells it again.
 */
export class TenantConstitution extends DurableObject<Env> {
  readonly #view = new ConstitutionView();
  readonly #log: EventLog;
  readonly #outbox: Outbox;
  readonly #drive: Drive;
  readonly #alarm: AlarmClock;
  /** When governance is told again, after it could not be. */
  #tellAt: number | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#log = new EventLog(state.storage, systemClock, [this.#view]);
    this.#outbox = new Outbox(this.#log, systemClock, async (parcel) => {
      await publishAudit(env, { binding: "TENANT_CONSTITUTION", name: state.id.name ?? "" }, this.#tenant(), parcel);
    });
    this.#drive = new Drive(() => this.#work());
    this.#alarm = new AlarmClock(state.storage, systemClock, [
      { name: "outbox", dueAt: () => this.#outbox.dueAt(FLUSH_DELAY_MS), onDue: () => this.#outbox.flush() },
      { name: "activation", dueAt: () => this.#nextDue(), onDue: () => this.#drive.start() },
    ]);
  }

  /** What is in force, what is to come, and whose approval is asked for. A look takes up what an interruption left. */
  async read(): Promise<BookDocument> {
    await this.#wake();
    const { inForce, quorum, state } = this.#view;
    const shown = (version: Version) => versionDocument(this.#view, version);
    return {
      inForce: inForce === undefined ? undefined : shown(inForce),
      quorum: { ...quorum },
      scheduled: state.versions.filter(({ scheduledFor }) => scheduledFor !== undefined).map(shown),
    };
  }

  /** Versions, newest first, before the number of the last one shown. */
  versions(before: number | undefined, limit: number): VersionDocument[] {
    return this.#view.state.versions
      .filter(({ number }) => before === undefined || number < before)
      .slice(-limit)
      .reverse()
      .map((version) => versionDocument(this.#view, version));
  }

  /** @throws Problem `not-found` */
  version(id: string): VersionDocument {
    return versionDocument(this.#view, this.#version(id));
  }

  /** Begins a version; the same id again is the same version. @throws Problem `limit-exceeded` */
  async draft(act: Act, id: string, text: KeptText): Promise<VersionDocument> {
    if (this.#view.version(id) === undefined) {
      const { versions } = this.#view.state;
      if (versions.length >= MAX_VERSIONS)
        throw new Problem("limit-exceeded", `The tenant has had ${MAX_VERSIONS} versions of its constitution, which is all it may have.`);
      const open = versions.filter(({ isDiscarded, activatedAt }) => !isDiscarded && activatedAt === undefined);
      if (open.length >= MAX_OPEN_DRAFTS)
        throw new Problem(
          "limit-exceeded",
          `There are ${MAX_OPEN_DRAFTS} open drafts, which is as many as there may be; discard one first.`,
        );
      this.#log.append({ type: "constitution.drafted", data: { id, ...text, ...said(act) } });
    }
    return this.#told(id);
  }

  /** Writes a draft anew; approvals of what it said before are void, and so is the time it was set for. @throws Problem `not-found`, `conflict` */
  async redraft(act: Act, id: string, text: KeptText): Promise<VersionDocument> {
    const version = this.#draft(id);
    if (version.scheduledFor !== undefined && version.sha256 !== text.sha256)
      this.#log.append({ type: "constitution.unscheduled", data: { id, reason: "rewritten" } });
    this.#log.append({ type: "constitution.drafted", data: { id, ...text, ...said(act) } });
    return this.#told(id);
  }

  /** Gives a draft up. Doing it twice is doing it once. @throws Problem `not-found`, `conflict` */
  async discard(act: Act, id: string): Promise<void> {
    const version = this.#version(id);
    if (version.isDiscarded) return;
    this.#draft(id);
    if (version.scheduledFor !== undefined) this.#log.append({ type: "constitution.unscheduled", data: { id, reason: "discarded" } });
    this.#log.append({ type: "constitution.discarded", data: { id, ...said(act) } });
    await this.#wake();
  }

  /**
   * Approves of a version as it reads under this hash; the same person again changes nothing but the note.
   * @throws Problem `not-found`, `conflict` when it reads otherwise by now or was discarded, `forbidden` when this approval could not count
   */
  async approve(act: Act, id: string, order: { sha256: string; note?: string | undefined }): Promise<VersionDocument> {
    const version = this.#version(id);
    const { subject, kind } = act.principal;
    if (version.isDiscarded) throw new Problem("conflict", "This version was discarded; draft another.");
    if (version.sha256 !== order.sha256)
      throw new Problem(
        "conflict",
        "The version reads otherwise than what this approves of; read it again, and approve of its present sha256.",
      );
    const { quorum } = this.#view;
    if (!quorum.author && version.authors.includes(subject))
      throw new Problem("forbidden", "The constitution in force does not let those who wrote a version approve of it.");
    if (kind !== "user" && !(kind === "service" && quorum.services))
      throw new Problem("forbidden", "The constitution in force lets only people approve; sign in as one.");
    const note = order.note === undefined ? {} : { note: order.note };
    this.#log.append({ type: "constitution.approved", data: { id, sha256: order.sha256, kind, ...note, ...said(act) } });
    return this.#told(id);
  }

  /**
   * Takes one's approval back. A version that no longer has its quorum does not come into force at its time.
   * @throws Problem `not-found`, `conflict` when the version is in force
   */
  async withdraw(act: Act, id: string, note: string | undefined): Promise<VersionDocument> {
    const version = this.#version(id);
    if (this.#view.state.inForce === id)
      throw new Problem("conflict", "This version is in force; approve of another, or roll back to an earlier one.");
    if (!version.approvals.some(({ by }) => by === act.principal.subject))
      throw new Problem("conflict", "You have not approved of this version, so there is nothing to withdraw.");
    this.#log.append({ type: "constitution.approval-withdrawn", data: { id, ...(note === undefined ? {} : { note }), ...said(act) } });
    this.#dropUnapproved();
    return this.#told(id);
  }

  /**
   * Puts a version in force, now or at a time. A time that has passed is now.
   * @param at milliseconds since the epoch
   * @throws Problem `not-found`, `conflict` without the quorum, `invalid-request` when the time is too far away
   */
  async activate(act: Act, id: string, at: number | undefined): Promise<VersionDocument> {
    const version = this.#version(id);
    if (version.retiredAt !== undefined)
      throw new Problem("conflict", "This version was in force before; roll back to it instead, with a reason.");
    if (this.#view.state.inForce === id) return this.#told(id);
    this.#checkQuorum(version);
    const now = systemClock.now();
    if (at !== undefined && at > now + MAX_AHEAD_MS)
      throw new Problem("invalid-request", "A version can be set to come into force at most 366 days ahead.");
    if (at !== undefined && at > now) this.#log.append({ type: "constitution.scheduled", data: { id, at, ...said(act) } });
    else this.#putInForce(version, { ...said(act), isRollback: false });
    return this.#told(id);
  }

  /**
   * Puts a version that was in force before in force again. The quorum of the document in force is asked of it as of any other: approvals that stand count.
   * @throws Problem `not-found`, `conflict`
   */
  async rollBack(act: Act, id: string, reason: string): Promise<VersionDocument> {
    const version = this.#version(id);
    if (this.#view.state.inForce === id) return this.#told(id);
    if (version.activatedAt === undefined) throw new Problem("conflict", "This version was never in force; activate it instead.");
    this.#checkQuorum(version);
    this.#putInForce(version, { ...said(act), isRollback: true, reason });
    return this.#told(id);
  }

  /** The audit log has the events of this part of the log. */
  acknowledgeEvents(covered: Covered): void {
    this.#outbox.acknowledge(covered);
  }

  override async alarm(): Promise<void> {
    await this.#alarm.ring();
  }

  /** Puts what is due in force, then tells governance until it has taken it. */
  async #work(): Promise<void> {
    for (const version of this.#due()) {
      if (!this.#view.isApproved(version))
        this.#log.append({ type: "constitution.unscheduled", data: { id: version.id, reason: "quorum-lost" } });
      else this.#putInForce(version, { by: version.scheduledBy ?? "", isRollback: false });
    }
    const { inForce, state } = this.#view;
    if (inForce === undefined || state.isTold) return;
    this.#tellAt = systemClock.now() + TELL_AGAIN_MS;
    await changeGovernance(this.env, this.#tenant(), { change: "constitution", pin: { id: inForce.id, hash: inForce.sha256 } });
    if (this.#view.state.inForce === inForce.id) this.#log.append({ type: "constitution.in-force", data: { id: inForce.id } });
    this.#tellAt = undefined;
  }

  /** Versions whose time has come, the earliest first. */
  #due(): Version[] {
    const now = systemClock.now();
    const due = this.#view.state.versions.filter(({ scheduledFor }) => scheduledFor !== undefined && scheduledFor <= now);
    return due.sort((a, b) => (a.scheduledFor ?? 0) - (b.scheduledFor ?? 0));
  }

  #nextDue(): number | undefined {
    const times = this.#view.state.versions.flatMap(({ scheduledFor }) => (scheduledFor === undefined ? [] : [scheduledFor]));
    if (!this.#view.state.isTold) times.push(this.#tellAt ?? systemClock.now());
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #putInForce(version: Version, how: Omit<EventData["constitution.activated"], "id" | "sha256">): void {
    this.#log.append({ type: "constitution.activated", data: { id: version.id, sha256: version.sha256, ...how } });
    this.#dropUnapproved();
  }

  /** What was set for a time and has not the quorum that is asked for now will not come into force, and says so at once. */
  #dropUnapproved(): void {
    for (const version of this.#view.state.versions) {
      if (version.scheduledFor === undefined || this.#view.isApproved(version)) continue;
      this.#log.append({ type: "constitution.unscheduled", data: { id: version.id, reason: "quorum-lost" } });
    }
  }

  #checkQuorum(version: Version): void {
    if (version.isDiscarded) throw new Problem("conflict", "This version was discarded; draft another.");
    if (this.#view.isApproved(version)) return;
    const { approvalsCounted, approvalsNeeded } = versionDocument(this.#view, version);
    throw new Problem(
      "conflict",
      `The version has ${approvalsCounted} of the ${approvalsNeeded} approvals that the constitution in force asks for.`,
    );
  }

  async #told(id: string): Promise<VersionDocument> {
    await this.#wake();
    return this.version(id);
  }

  async #wake(): Promise<void> {
    if (this.#log.last === 0) return;
    await this.#alarm.arm();
    if ((this.#nextDue() ?? Number.POSITIVE_INFINITY) <= systemClock.now()) await this.#drive.start();
    await this.#alarm.arm();
  }

  /** A version that may still be written: it was never in force. @throws Problem `not-found`, `conflict` */
  #draft(id: string): Version {
    const version = this.#version(id);
    if (version.isDiscarded || version.activatedAt !== undefined)
      throw new Problem("conflict", "Only a draft can be changed, and this version was in force or was discarded; draft another.");
    return version;
  }

  #version(id: string): Version {
    const version = this.#view.version(id);
    if (version === undefined) throw new Problem("not-found", "There is no such version of the constitution in this tenant.");
    return version;
  }

  #tenant(): string {
    const name = this.ctx.id.name ?? "";
    return name.slice(0, name.indexOf("/"));
  }
}

function said({ principal, decision }: Act) {
  return { by: principal.subject, decision };
}
