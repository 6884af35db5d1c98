import type { Graph } from "../../workers/mao/graph.ts";
import { unitUnder } from "../../workers/mao/step-names.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { parseEvent } from "../../workers/platform/events.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { EventLog } from "../event-log/event-log.ts";

/** Events of the other run that are looked at for one page. */
const EVENTS_A_PAGE = 500;

/** A part of what a run had come to: events as JSON texts, up to and with `through` of that run's log. */
export interface OutcomePage {
  readonly events: string[];
  readonly through: number;
  readonly isLast: boolean;
}

/**
 * What a run had come to as of event `at`, for a fork of it: how its steps ended and what it was told, page by page after `after`.
 * @throws Problem `invalid-request` when there is no such event, `conflict` when effects had been taken back by then, `events-compacted`
 */
export function outcomesOf(log: EventLog, at: number, after: number): OutcomePage {
  if (at < 1 || at > log.last) throw new Problem("invalid-request", `The run has events 1 to ${log.last}; fork it from one of them.`);
  const read = log.read(after, EVENTS_A_PAGE).filter(({ seq }) => seq <= at);
  const undone = read.find(({ type }) => type === "run.compensating");
  if (undone !== undefined)
    throw new Problem("conflict", `From event ${undone.seq} on effects of the run were taken back; fork it from an event before.`);
  const through = read.at(-1)?.seq ?? at;
  return { events: read.filter(isOutcome).map((event) => JSON.stringify(event)), through, isLast: through >= at };
}

/** The events of a page that hold in the graph of the fork. */
export function outcomesIn(page: OutcomePage, graph: Graph): LoggedEvent[] {
  return page.events
    .map((text) => parseEvent(JSON.parse(text)))
    .filter((event) => {
      if (!("step" in event.data) || event.data.step === undefined) return true;
      const unit = unitUnder("", event.data.step);
      return unit !== undefined && Object.hasOwn(graph.steps, unit);
    });
}

function isOutcome(event: LoggedEvent): boolean {
  switch (event.type) {
    case "step.done":
    case "step.skipped":
    case "step.branched":
    case "step.reset":
    case "history.told":
    case "signal.received":
    case "update.made":
      return true;
    case "step.failed":
      return event.data.final;
    case "step.waiting":
      return event.data.on === "signal";
    default:
      return false;
  }
}
