import { costText, countText } from "../ui/figures.ts";
import { ScrollBox } from "../ui/scroll-box.tsx";
import type { Call, Turn } from "./conversation.ts";

/** Characters of a call's result shown; a table of 200,000 rows has more. */
const MAX_RESULT = 20_000;

/** One exchange of a conversation. */
export function TurnView({ turn }: { readonly turn: Turn }) {
  const isRunning = turn.answer === undefined && turn.problem === undefined;
  return (
    <li className="space-y-3">
      <article aria-label="You said" className="ml-auto w-fit max-w-[85%] rounded-2xl rounded-br-sm bg-sunken px-4 py-2.5">
        <p className="whitespace-pre-wrap">{turn.message}</p>
        {turn.files.length > 0 && <p className="mt-1 text-sm text-soft">With {turn.files.join(", ")}</p>}
      </article>
      {turn.calls.length > 0 && (
        <ul aria-label="What the agent did" className="space-y-1.5">
          {turn.calls.map((call) => (
            <li key={call.step}>
              <CallView call={call} />
            </li>
          ))}
        </ul>
      )}
      <article
        aria-label="The agent answered"
        aria-busy={isRunning}
        className="max-w-[85%] rounded-2xl rounded-bl-sm border border-line bg-panel px-4 py-2.5"
      >
        {turn.answer === undefined ? (
          <p className="whitespace-pre-wrap">
            {turn.streamed === "" && isRunning ? <span className="text-soft">Works on it …</span> : turn.streamed}
          </p>
        ) : (
          <>
            <p className="whitespace-pre-wrap">{turn.answer.text}</p>
            <p className="mt-1.5 text-xs text-soft">
              {turn.answer.engine} · {countText(turn.answer.tokens)} tokens · {costText(turn.answer.costMicros)}
            </p>
          </>
        )}
        {turn.problem !== undefined && (
          <p role="alert" className="mt-1 text-bad">
            <span className="font-semibold">{turn.problem.type}</span>: {turn.problem.detail}
          </p>
        )}
      </article>
    </li>
  );
}

const CALL_LOOKS: Readonly<Record<Call["state"], { mark: string; word: string; ink: string }>> = {
  running: { mark: "▸", word: "runs", ink: "text-accent" },
  waiting: { mark: "‖", word: "waits for a person", ink: "text-warn" },
  done: { mark: "✓", word: "done", ink: "text-good" },
  failed: { mark: "✕", word: "failed", ink: "text-bad" },
};

function CallView({ call }: { readonly call: Call }) {
  const look = CALL_LOOKS[call.state];
  return (
    <details className="max-w-[85%] rounded-lg border border-line bg-panel text-sm">
      <summary className="px-3 py-1.5">
        <span aria-hidden="true" className={look.ink}>
          {look.mark}
        </span>{" "}
        <code className="font-mono">{call.name}</code> <span className="text-soft">{look.word}</span>
      </summary>
      <div className="space-y-2 border-t border-line p-3">
        <Text label="Called with" text={call.input} />
        {call.result !== undefined && <Text label="Brought" text={call.result} />}
        {call.problem !== undefined && (
          <p className="text-bad">
            <span className="font-semibold">{call.problem.type}</span>: {call.problem.detail}
          </p>
        )}
      </div>
    </details>
  );
}

function Text({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <p className="text-xs font-semibold text-soft">{label}</p>
      <ScrollBox label={label}>
        {text.slice(0, MAX_RESULT)}
        {text.length > MAX_RESULT && "\n… cut here."}
      </ScrollBox>
    </div>
  );
}
