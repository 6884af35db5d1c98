/** Parts of one request that become steps of their own. */
const MAX_PARTS = 50;
const MAX_ITEMS = 200;

const LISTED = /^(?:\d{1,3}[.)]|[-*•]) (.+)$/;
const JOINT = /\b(?:and then|then|after that|afterwards|next|finally|lastly|followed by)\b|; |\. (?=\p{Lu})/giu;
const OPENING = /^(?:first|firstly|second|secondly|third|thirdly|please|and)\b,? ?/i;
const EACH = /\b(?:for (?:each|every|all)|each|all)(?: of)?\b/i;
/** How far a list of things goes on after the words that announce it. */
const MAX_LIST_CHARACTERS = 5_000;

/** The points of a list that a request is or holds; none of a single point. */
export function pointsOf(request: string): string[] {
  const points = request.split("\n").flatMap((line) => LISTED.exec(collapsed(line))?.[1] ?? []);
  return points.length >= 2 ? points : [];
}

/** The steps a request names, in its order: its list, or what stands between "first", "then" and "finally". One when it names none. */
export function partsOf(request: string): string[] {
  const points = pointsOf(request);
  if (points.length > 0) return points.slice(0, MAX_PARTS);
  const parts = collapsed(request)
    .split(JOINT)
    .map((part) => trimmed(trimmed(part).replace(OPENING, "")))
    .filter((part) => /\p{L}{2}/u.test(part));
  return parts.length >= 2 ? parts.slice(0, MAX_PARTS) : [request.trim()];
}

/** The things a request lists after "for each of" or a colon; empty when it names them by a description only. */
export function itemsOf(request: string): string[] {
  const points = pointsOf(request);
  if (points.length > 0) return points.slice(0, MAX_ITEMS);
  const text = collapsed(request);
  const each = EACH.exec(text);
  if (each === null) return [];
  const rest = text.slice(each.index + each[0].length, each.index + MAX_LIST_CHARACTERS).split(". ")[0] ?? "";
  const colon = rest.indexOf(": ");
  const members = (colon < 0 ? rest : rest.slice(colon + 2)).split(",").map((member) => member.trim());
  const last = members.findIndex((member) => / and |^and /.test(member));
  if (last < 0) return colon < 0 ? [] : items(members);
  const [before = "", after = ""] = (members[last] ?? "").split(/ and |^and /);
  return items([...members.slice(0, last), before, after]);
}

function items(members: readonly string[]): string[] {
  const named = members.map(trimmed).filter((member) => member !== "");
  return named.length >= 2 ? named.slice(0, MAX_ITEMS) : [];
}

/** Words with one space between them: what is looked for in a text never has to try how long a gap is. */
export function collapsed(text: string): string {
  return text
    .split(/\s/)
    .filter((word) => word !== "")
    .join(" ");
}

function trimmed(part: string): string {
  let end = part.length;
  while (end > 0 && " .,;:".includes(part.charAt(end - 1))) end -= 1;
  return part.slice(0, end).replace(/^[ ,;:]{1,3}/, "");
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
