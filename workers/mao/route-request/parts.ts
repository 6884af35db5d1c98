/** Parts of one request that become steps of their own. */
const MAX_PARTS = 50;
const MAX_ITEMS = 200;

const LISTED = /^\s*(?:\d{1,3}[.)]|[-*•])\s+(.+)$/gm;
const JOINT = /(?:[.;]|,)?\s*\b(?:and then|then|after that|afterwards|next|finally|lastly|followed by)\b,?\s*|;\s+|\.\s+(?=\p{Lu})/giu;

/** The steps a request names, in its order: its list, or what stands between "first", "then" and "finally". One when it names none. */
export function partsOf(request: string): string[] {
  const listed = [...request.matchAll(LISTED)].map((match) => (match[1] ?? "").trim());
  if (listed.length >= 2) return listed.slice(0, MAX_PARTS);
  const parts = request
    .split(JOINT)
    .map((part) =>
      part
        .replace(/^\s*(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|please|and)\b,?\s*/i, "")
        .replace(/[.,;:\s]+$/, "")
        .trim(),
    )
    .filter((part) => /\p{L}{2}/u.test(part));
  return parts.length >= 2 ? parts.slice(0, MAX_PARTS) : [request.trim()];
}

/** The things a request lists after "for each of" or a colon; empty when it names them by a description only. */
export function itemsOf(request: string): string[] {
  const listed = [...request.matchAll(LISTED)].map((match) => (match[1] ?? "").trim());
  if (listed.length >= 2) return listed.slice(0, MAX_ITEMS);
  const named = /\b(?:for (?:each|every|all)(?: of)?|each of|all of)(?: the following| these| those)?[^:,.]{0,80}[:]\s*([^.\n]+)/i.exec(
    request,
  )?.[1];
  const plain = /\b(?:for each of|each of)\s+((?:[^,.;:]+,\s*)+[^,.;:]+?\s+and\s+[^,.;:]+)/i.exec(request)?.[1];
  const after = named ?? plain;
  if (after === undefined) return [];
  const items = after
    .split(/,\s*(?:and\s+)?|\s+and\s+/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
  return items.length >= 2 ? items.slice(0, MAX_ITEMS) : [];
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const USUAL_HOUR = 9;

/** The cron expression (five fields) of the times a request names; at nine in the morning when it names no hour. */
export function cronOf(request: string): string | undefined {
  const text = request.toLowerCase();
  const { hour, minute } = hourOf(text);
  const at = `${minute} ${hour}`;
  const minutes = /\bevery\s+(\d{1,2})\s+minutes?\b/.exec(text)?.[1];
  if (minutes !== undefined && Number(minutes) >= 1 && Number(minutes) <= 59) return `*/${Number(minutes)} * * * *`;
  const hours = /\bevery\s+(\d{1,2})\s+hours?\b/.exec(text)?.[1];
  if (hours !== undefined && Number(hours) >= 1 && Number(hours) <= 23) return `0 */${Number(hours)} * * *`;
  if (/\b(every|each) minute\b/.test(text)) return "* * * * *";
  if (/\b(every|each) hour\b|\bhourly\b/.test(text)) return "0 * * * *";
  const day = DAYS.findIndex((name) => new RegExp(`\\b(every|each) ${name}s?\\b`).test(text));
  if (day >= 0) return `${at} * * ${day}`;
  if (/\b(every|each) weekday\b/.test(text)) return `${at} * * 1-5`;
  if (/\b(every|each) week\b|\bon a weekly basis\b/.test(text)) return `${at} * * 1`;
  if (/\b(every|each) quarter\b/.test(text)) return `${at} 1 1,4,7,10 *`;
  if (/\b(every|each) month\b|\bon a monthly basis\b/.test(text)) return `${at} 1 * *`;
  if (/\b(every|each) year\b/.test(text)) return `${at} 1 1 *`;
  if (/\b(every|each) (day|morning|evening|night)\b|\bnightly\b|\bon a daily basis\b/.test(text)) return `${at} * * *`;
  return undefined;
}

function hourOf(text: string): { hour: number; minute: number } {
  const said = /\bat (\d{1,2})(?::(\d{2}))?\s*(am|pm|o'?clock)?\b/.exec(text);
  const isEvening = /\b(evening|night|nightly)\b/.test(text);
  if (said === null) return { hour: isEvening ? 20 : USUAL_HOUR, minute: 0 };
  const hour = Number(said[1]) % 24;
  const minute = Math.min(59, Number(said[2] ?? 0));
  if (said[3] === "pm") return { hour: (hour % 12) + 12, minute };
  if (said[3] === "am") return { hour: hour % 12, minute };
  return { hour, minute };
}
