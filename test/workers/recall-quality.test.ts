import { env, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { MemoryTable } from "../../durable-objects/memory-index/memory-table.ts";
import constitution from "../../examples/handbook/constitution.md";
import security from "../../examples/handbook/security.md";
import licence from "../../LICENSE?raw";
import { systemClock } from "../../workers/platform/clock.ts";
import { passagesOf } from "../../workers/tools/documents/passages.ts";

/** Questions in other words than the texts', some with typing errors, and a piece of the passage that answers each. */
const QUESTIONS: readonly (readonly [question: string, answer: string])[] = [
  ["who is the licensor", '"Licensor" shall mean'],
  ["meaning of legal entities", '"Legal Entity" shall mean'],
  ["what is called a derived work", '"Derivative Works" shall mean'],
  ["definition of contributing", '"Contribution" shall mean'],
  ["compiled code and mechanical translations", '"Object" form shall mean'],
  ["preferred form to modify, documentation sources", '"Source" form shall mean'],
  ["may I sublicense the copyright", "2. Grant of Copyright License"],
  ["patent litigation ends the grant", "3. Grant of Patent License"],
  ["patnet lisence", "3. Grant of Patent License"],
  ["give recipients a copy", "(a) You must give"],
  ["say that files were changed", "(b) You must cause"],
  ["keep the attribution notices", "(c) You must retain"],
  ["the NOTICE file in redistributions", "(d) If the Work includes"],
  ["add my own copyright statements and terms", "You may add Your own"],
  ["under which terms are submitted contributions", "5. Submission of Contributions"],
  ["use of trade names and product names", "6. Trademarks"],
  ["tradmark", "6. Trademarks"],
  ["warranties of title, merchantability, fitness", "7. Disclaimer of Warranty"],
  ["liable for damages, negligence", "8. Limitation of Liability"],
  ["damges from computer failure or malfunctions", "8. Limitation of Liability"],
  ["charging fees for support or indemnity", "9. Accepting Warranty"],
  ["how to put the license on my own work", "To apply the Apache License"],
  ["boilerplate with brackets", "To apply the Apache License"],
  ["figures that cannot be traced", "An agent states no figure"],
  ["destroying and spending need agreement", "An agent takes no step"],
  ["working inside budgets", "An agent works within"],
  ["touching what another tenant owns", "An agent sees and touches"],
  ["unrecorded intentions and decisions", "Nothing an agent does"],
  ["autonomus agents need bounds", "Autonomy without bounds"],
  ["reporting vulnerabilities privately", "Security problems are reported"],
  ["securty advisry", "Security problems are reported"],
  ["how long do tokens live", "**Credentials.**"],
  ["encryption of signing keys", "**Credentials.**"],
  ["escaped html reports", "**Data.**"],
  ["nested json bodies", "**Bodies.**"],
];

/** Share of the questions whose answer is among the first five. */
function hitRate(find: (question: string) => string[]): number {
  const hits = QUESTIONS.filter(([question, answer]) =>
    find(question)
      .slice(0, 5)
      .some((text) => text.includes(answer)),
  );
  return Math.round((100 * hits.length) / QUESTIONS.length) / 100;
}

it("finds more by words and likeness together than by either alone", async () => {
  const stub = env.MEMORY_INDEX.getByName("ten/memory/quality");
  const rates = await runInDurableObject(stub, (_, { storage }) => {
    const table = new MemoryTable(storage.sql);
    const at = systemClock.now();
    const texts = [licence, constitution, security].flatMap((text) => passagesOf(text).map(({ start, end }) => text.slice(start, end)));
    for (const [i, text] of texts.entries()) table.insert({ id: `mem_${i}`, text, createdAt: at, updatedAt: at, timesTold: 1 });
    const read = (numbers: readonly number[]) => numbers.map((number) => table.read(number).text);
    return {
      words: hitRate((question) => read(table.byWords(question))),
      vectors: hitRate((question) => read(table.byVector(question))),
      both: hitRate((question) => read(table.search(question).map(({ number }) => number))),
    };
  });
  expect(rates).toEqual({ words: 0.91, vectors: 0.91, both: 0.97 });
});
