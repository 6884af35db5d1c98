import { createInterface } from "node:readline/promises";

/**
 * Asks a person one line on the terminal.
 * @returns undefined when they end the input instead (Ctrl-D)
 * @throws the signal's reason when they press Ctrl-C
 */
export async function ask(question: string, signal: AbortSignal, history: readonly string[] = []): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stdout, history: [...history], terminal: true });
  return answerOf(reader, question, signal);
}

async function answerOf(reader: ReturnType<typeof createInterface>, question: string, signal: AbortSignal): Promise<string | undefined> {
  // The terminal hands Ctrl-C to whoever reads it, and no longer to the process.
  reader.on("SIGINT", () => process.emit("SIGINT"));
  const ended = new Promise<undefined>((resolve) => reader.once("close", () => resolve(undefined)));
  try {
    return await Promise.race([reader.question(question, { signal }), ended]);
  } finally {
    reader.close();
  }
}
