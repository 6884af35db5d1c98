import { AgUiStream } from "./ag-ui.ts";
import { agUiMessagesSchema } from "./ag-ui-input.ts";
import type { FrontEndStream } from "./front-end-stream.ts";
import { UiMessageStream } from "./ui-messages.ts";

/** One stream of a turn or run that a front end asks for. */
export interface FrontEndOrder {
  readonly form: "ag-ui" | "ui-messages";
  /** The conversation and the run of it by the front end's own ids. */
  readonly thread: string;
  readonly run: string;
  /** The messages that the front end has, as JSON text: what it is brought back to when it comes again. */
  readonly messages: string;
  /** The last event that it was told of before it was asked; 0 when it is told all. */
  readonly known: number;
}

/** A stream of this form over the events of `subject`, a turn or a run. */
export function frontEnd(order: FrontEndOrder, subject: string): FrontEndStream {
  if (order.form === "ui-messages") return new UiMessageStream(subject);
  const messages = agUiMessagesSchema.parse(JSON.parse(order.messages));
  return new AgUiStream({ thread: order.thread, run: order.run, subject, messages });
}
