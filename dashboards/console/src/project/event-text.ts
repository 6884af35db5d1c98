import type { SomaEvent } from "../../../../clients/sdk/events.ts";
import { countOf } from "../ui/figures.ts";

/** The steps that every project has, by what their names begin with. */
const OWN_STEPS = [
  [/^load_/, "Load a file"],
  [/^plan(ner)?_/, "Plan"],
  [/^provision_/, "Provision agents"],
  [/^report_/, "Write the report"],
  [/^peer_/, "Second opinion"],
  [/^review(er)?_/, "Review"],
  [/^deliver_/, "Deliver"],
] as const;

/** The titles of steps, as the events that began them tell; those that end them name the step alone. */
export function titlesOf(events: readonly SomaEvent[]): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  for (const { data } of events) if (typeof data.step === "string" && typeof data.title === "string") titles.set(data.step, data.title);
  return titles;
}

/** An event as a line that a person reads. Whatever of it comes from a tenant is text and stays text. */
export function eventText({ type, data }: SomaEvent, titles: ReadonlyMap<string, string>): string {
  const text = (name: string) => (typeof data[name] === "string" || typeof data[name] === "number" ? String(data[name]) : "");
  const step = text("step");
  const title = titles.get(step) ?? OWN_STEPS.find(([name]) => name.test(step))?.[1] ?? step;
  switch (type) {
    case "project.created":
      return "The project was made.";
    case "project.planned":
      return `Planned by ${text("engine")}: ${countOf(Number(data.goals), "goal")}, ${countOf(Number(data.steps), "task")}.`;
    case "project.questioned":
      return "The planner has questions.";
    case "project.answered":
      return `Answered: ${text("text")}`;
    case "project.amended":
      return `Amended: ${text("text")}`;
    case "project.replanned":
      return "Planned anew, because tasks have failed.";
    case "milestone.reached":
      return `Reached: ${text("title")}`;
    case "review.reworked":
      return `Sent back to ${countOf(Array.isArray(data.tasks) ? data.tasks.length : 0, "task")} whose results do not hold.`;
    case "peer.reviewed":
      return `Second agents: ${text("agreed")} agreed, ${text("disagreed")} came to something else.`;
    case "budget.reached":
      return `Limit reached: ${text("detail")}`;
    case "budget.changed":
      return "The budget was changed.";
    case "collaboration.message":
      return `${text("from")} tells ${text("to")}: ${text("text")}`;
    case "collaboration.handover":
      return `Findings handed over: ${titles.get(text("from")) ?? text("from")} → ${titles.get(text("to")) ?? text("to")}`;
    case "wave.started":
      return `Wave ${text("wave")} started.`;
    case "step.intended":
      return `Started: ${title}`;
    case "step.waiting":
      return `Waits for ${text("on") === "agent" ? "its agent" : text("on")}: ${title}`;
    case "step.done":
      return `Done: ${title}`;
    case "step.failed":
      return `${data.final === true ? "Failed" : "Interrupted, tried again"}: ${title}`;
    case "step.unknown":
      return `Outcome not known: ${title}`;
    case "step.skipped":
      return `Skipped: ${title}`;
    case "step.reset":
      return `To be tried again: ${title}`;
    case "review.completed":
      return `Reviewed: score ${text("score")}.`;
    case "gate.opened":
      return "A person is asked for a decision.";
    case "gate.decided":
      return `Decided: ${text("decision")}.`;
    case "project.paused":
      return "Paused.";
    case "project.continued":
      return "Goes on.";
    case "project.cancelled":
      return "Cancelled.";
    case "project.delivered":
      return `Delivered ${countOf(Number(data.deliverables), "file")}.`;
    case "project.failed":
      return "The project failed.";
    case "run.created":
      return "The run was started.";
    case "run.paused":
      return "Paused.";
    case "run.continued":
      return "Goes on.";
    case "run.cancelling":
      return `To be cancelled, ${text("mode")}.`;
    case "run.compensating":
      return "Effects are taken back.";
    case "run.completed":
      return "The run has come to its end.";
    case "run.failed":
      return "The run failed.";
    case "run.cancelled":
      return "The run was cancelled.";
    case "signal.received":
      return `Signal: ${text("name")}`;
    case "team.message":
      return `${text("speaker")}: ${text("text")}`;
    case "work.resumed":
      return "Taken up again after an interruption.";
    default:
      return type;
  }
}
