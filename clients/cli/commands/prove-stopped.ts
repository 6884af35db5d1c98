import { defineCommand } from "../command.ts";
import { EXIT, UsageError } from "../exit-codes.ts";

/** A proof that hangs is one that failed. */
const LONGEST_MS = 600_000;

export const proveStopped = defineCommand({
  name: "prove stopped",
  summary: "Throw the kill switch while conversations stream, and show from the exported events that nothing went on.",
  options: {
    sessions: { type: "string", value: "N", about: "conversations that stream", default: "200" },
    runs: { type: "string", value: "N", about: "runs that compute beside them", default: "20" },
    bound: { type: "string", value: "MS", about: "milliseconds after which everything has to have stopped", default: "2000" },
  },
  examples: ["soma prove stopped", "soma prove stopped --sessions 50 --json"],
  notes:
    "It works on a platform of its own in a temporary folder. Ends with 1 when anything began after the switch and its bound, failed, or did not go on after the release.",
  run: async ({ options, output, signal }) => {
    const given = {
      sessions: numberOf("sessions", options.sessions),
      runs: numberOf("runs", options.runs),
      boundMs: numberOf("bound", options.bound),
    };
    // What starts platforms and model servers is loaded only by who wants it.
    const { proveStopped: prove } = await import("../../../test/faults/prove-stopped.ts");
    const proof = await prove(given, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]), (words) => console.error(words));
    output.result(proof, JSON.stringify(proof, null, 2));
    return proof.isSound ? EXIT.ok : EXIT.failed;
  },
});

function numberOf(name: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--${name} ${text} is no whole number.`);
  return Number(text);
}
