/**
 * The seconds that a server asks to be left alone: `Retry-After` as seconds or as a date (RFC 9110 §10.2.3), or `retry-after-ms`, which
 * OpenAI's servers send as well. Undefined when it asks for nothing, or for something that is neither.
 * @param now milliseconds since the epoch
 */
export function retryAfterSeconds(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const milliseconds = headers["retry-after-ms"];
  if (milliseconds !== undefined && isNumber(milliseconds)) return Number(milliseconds) / 1_000;
  const value = headers["retry-after"]?.trim();
  if (value === undefined) return undefined;
  if (isNumber(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1_000);
}

function isNumber(text: string): boolean {
  return /^\s*\d+(\.\d+)?\s*$/.test(text);
}
