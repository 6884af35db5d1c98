/** What a message asks of the memory in plain words. */
export type MemoryWish = { readonly kind: "remember"; readonly text: string } | { readonly kind: "recall"; readonly query: string };

const REMEMBER = /^(?:please\s+)?(?:remember|keep in mind|note)(?:\s+that\b|\s*[:,])?\s+(?<rest>[\s\S]+)$/i;
const RECALL =
  /^(?:please\s+)?(?:what\s+(?:do|did|can)\s+you\s+(?:remember|recall|know)\s+(?:about|of|on)|what\s+have\s+I\s+told\s+you\s+(?:about|of)|what\s+did\s+I\s+tell\s+you\s+(?:about|of)|do\s+you\s+(?:remember|recall)|recall(?:\s+what\s+you\s+know\s+about)?)\s*:?\s+(?<rest>[\s\S]+?)\s*[?.!]*$/i;

/** Reads a message that tells something to remember or asks for what is remembered; undefined for every other. */
export function memoryWish(message: string): MemoryWish | undefined {
  const text = message.trim();
  const recalled = RECALL.exec(text)?.groups?.rest;
  if (recalled !== undefined) return { kind: "recall", query: recalled };
  const told = text.endsWith("?") ? undefined : REMEMBER.exec(text)?.groups?.rest;
  return told === undefined ? undefined : { kind: "remember", text: told.charAt(0).toUpperCase() + told.slice(1) };
}
