import { stepSchema } from "../../workers/mao/graph.ts";
import { runToolStep } from "../graph/tool-step.ts";
import { recordedProblem } from "../journal/journal.ts";
import { type Desk, type LoadedFile, stepEnvironment } from "./desk.ts";
import { loadedSchema } from "./results.ts";

/**
 * Loads the attached files into the project's workspace, side by side, and says what was found in each.
 * @throws Problem of the first file that could not be loaded
 */
export async function loadFiles(desk: Desk): Promise<LoadedFile[]> {
  desk.atHand.loaded ??= await loadedFiles(desk);
  return desk.atHand.loaded;
}

async function loadedFiles(desk: Desk): Promise<LoadedFile[]> {
  const { journal } = desk.bench;
  const shared = stepEnvironment(desk);
  const { attachments } = desk.state();
  await Promise.all(
    attachments.map(async (file, i) => {
      const isDocument = /\.(md|markdown|txt|html?)$/i.test(file.name);
      const step = stepSchema.parse({ uses: isDocument ? "tool:documents.load" : "tool:data.load", title: `Load ${file.name}` });
      await runToolStep(shared, { name: loadStep(i), step, input: { artifact: file.id } });
    }),
  );
  return Promise.all(
    attachments.map(async (_, i) => {
      const record = journal.record(loadStep(i));
      if (record?.state === "failed") throw recordedProblem(record);
      return loadedSchema.parse(await journal.output(loadStep(i)));
    }),
  );
}

function loadStep(index: number): string {
  return `load_${index + 1}`;
}
