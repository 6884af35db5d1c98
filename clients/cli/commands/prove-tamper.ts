import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { wholeNumber } from "../listing.ts";

export const proveTamperCommand = defineCommand({
  name: "prove tamper",
  summary: "Make a real transparency log under kills, compare it with what a server outside saw, and attack it in every way there is.",
  options: {
    items: { type: "string", value: "N", about: "requests of the run to the server outside, 300 at least", default: "300" },
    kills: { type: "string", value: "N", about: "times that the platform is killed meanwhile", default: "3" },
    minutes: { type: "string", value: "N", about: "minutes after which it is given up", default: "15" },
  },
  examples: ["soma prove tamper", "soma prove tamper --items 1000 --kills 9 --json"],
  notes:
    "It works on a platform of its own in a temporary folder. Ends with 1 when an attack is not found out, when the server saw what the log has not, or when the log has what the server never saw.",
  run: async ({ options, output, signal }) => {
    const items = Math.max(300, wholeNumber(options.items, "--items"));
    const tooLong = AbortSignal.timeout(wholeNumber(options.minutes, "--minutes") * 60_000);
    // What kills and attacks is loaded only by who wants it.
    const { proveRecord } = await import("../../../test/faults/prove-record.ts");
    const kills = wholeNumber(options.kills, "--kills");
    const proof = await proveRecord(items, kills, AbortSignal.any([signal, tooLong]), (words) => console.error(words));
    const told = proof.outcomes.map(
      ({ attack, isDetected, said }) => `${isDetected ? "found out" : "NOT FOUND"}  ${attack}\n           ${said}`,
    );
    const { seen, unrecorded, invented, repeated, reopened } = proof.effects;
    const words = [
      ...told,
      `${proof.detected} of ${proof.attacks} attacks on a log of ${proof.leaves} leaves were found out.`,
      `The server outside saw ${seen} requests over ${proof.kills} kills. Of what it was asked for, ${unrecorded} are not in the log; ${invented} successes in the log never reached it.`,
      `${repeated} requests came again because a kill took their answer; the log has ${reopened} steps that were open when work went on.`,
    ];
    output.result(proof, words.join("\n"));
    return proof.isSound ? EXIT.ok : EXIT.failed;
  },
});
