import type { Task } from "../../workers/models/client.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import type { Usage } from "../../workers/platform/recorded.ts";
import type { Analysis } from "../../workers/tools/data/analysis.ts";

/** What a project gives a session to work on, and whom to tell. */
export interface TaskOrder extends Task {
  readonly principal: Principal;
  readonly session: string;
  readonly workspace: string;
  readonly title: string;
  /** What the agents before it found; what a second agent is to look at. */
  readonly context?: string;
  /** Its project has a budget of its own, on which calls of models are held first. */
  readonly isBudgeted?: true;
  /** It does again what another agent has done. */
  readonly isPeer?: true;
  /** What happened in the project, as policies see it. */
  readonly history?: readonly string[];
  readonly parent: { readonly name: string; readonly step: string; readonly key: string };
}

/** What a finished task found. */
export interface TaskResultMessage {
  readonly text: string;
  readonly analyses: Analysis[];
  readonly engine: string;
  readonly session: string;
  /** The capsule, in the version that ran. */
  readonly capsule: string;
  readonly usage: Usage;
}

/** How a task ended. */
export type TaskOutcome = (
  | { readonly kind: "done"; readonly result: TaskResultMessage }
  | { readonly kind: "failed"; readonly problem: { readonly type: string; readonly detail: string } }
) & {
  /** What happened in the session, as policies see it. */
  readonly history?: readonly string[];
};
