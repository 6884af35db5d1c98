import { canBeSsn, passesCpf, passesDni, passesIban, passesLuhn } from "./check-digits.ts";
import type { Hit } from "./hit.ts";

/**
 * Personal data that can be told from other text by its form, and by its check digits where there are any. Every expression has bounded repetitions and no two of
 * them can match the same stretch in different ways, so that the time grows with the length of the text alone.
 */
export function personalData(text: string): Hit[] {
  return [...cards(text), ...ibans(text), ...ssns(text), ...nationalIds(text), ...emails(text), ...phones(text), ...addresses(text)];
}

/** Digits with at most a space or a hyphen between any two: numbers that stand beside each other are one run. */
const DIGIT_RUN = /\d(?:[ -]?\d)*/g;
const CARD_DIGITS = { least: 13, most: 19 } as const;

/** Every number of a run that may be a card, from where one of its groups begins: a number that stands beside another is not hidden by it. */
function cards(text: string): Hit[] {
  return [...text.matchAll(DIGIT_RUN)].flatMap(({ 0: run, index }) => {
    const before = text[index - 1] ?? " ";
    const after = text[index + run.length] ?? " ";
    return /[\w.]/.test(before) || /\w/.test(after) ? [] : cardsOfRun(run, index);
  });
}

function cardsOfRun(run: string, offset: number): Hit[] {
  const groups = [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({ digits, start: index, end: index + digits.length }));
  const hits: Hit[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const found = cardFrom(groups, first);
    const start = groups[first]?.start;
    if (found === undefined || start === undefined) continue;
    const end = groups[found]?.end ?? start;
    hits.push({
      start: offset + start,
      end: offset + end,
      class: "payment-card",
      reason: "a payment card number, by its length and Luhn check digit",
    });
    first = found;
  }
  return hits;
}

/** The last group of a card number that begins with this one. Payment networks begin with 2 to 6 (ISO/IEC 7812). */
function cardFrom(groups: readonly { readonly digits: string }[], first: number): number | undefined {
  let digits = "";
  for (let last = first; last < groups.length; last += 1) {
    digits += groups[last]?.digits ?? "";
    if (digits.length > CARD_DIGITS.most || !/^[2-6]/.test(digits)) return undefined;
    if (digits.length >= CARD_DIGITS.least && !/^(\d)\1*$/.test(digits) && passesLuhn(digits)) return last;
  }
  return undefined;
}

const IBAN = /(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)/g;

function ibans(text: string): Hit[] {
  return found(text, IBAN, (match) => passesIban(match.replaceAll(" ", ""))).map((hit) => ({
    ...hit,
    class: "iban",
    reason: "an IBAN, by its check digits (ISO 7064, modulo 97)",
  }));
}

const SSN = /(?<![\w-])(\d{3})-(\d{2})-(\d{4})(?![\w-])/g;

function ssns(text: string): Hit[] {
  return found(text, SSN, (match) => {
    const [area = "", group = "", serial = ""] = match.split("-");
    return canBeSsn(area, group, serial);
  }).map((hit) => ({ ...hit, class: "us-ssn", reason: "a US social security number, by its form and ranges" }));
}

const DNI = /(?<!\w)[XYZ\d]\d{7}[A-Z](?!\w)/g;
const CPF = /(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)/g;

function nationalIds(text: string): Hit[] {
  return [
    ...found(text, DNI, passesDni).map((hit) => ({
      ...hit,
      class: "national-id" as const,
      reason: "a Spanish DNI or NIE, by its check letter",
    })),
    ...found(text, CPF, (match) => passesCpf(match.replaceAll(/[.-]/g, ""))).map((hit) => ({
      ...hit,
      class: "national-id" as const,
      reason: "a Brazilian CPF, by its check digits",
    })),
  ];
}

/** The mailbox as people write it, not all of RFC 5322: quoted local parts and comments are not looked for. */
const EMAIL = /(?<![\w.+-])[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_])?@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}(?![\w-])/gi;

function emails(text: string): Hit[] {
  return found(text, EMAIL, (match) => /\.[a-z]{2,63}$/i.test(match)).map((hit) => ({
    ...hit,
    class: "email",
    reason: "an e-mail address",
  }));
}

/** International numbers with their plus sign (ITU-T E.164, 8 to 15 digits), and North American ones as they are written. */
const E164 = /(?<![\w+])\+[1-9]\d{0,3}(?:[ .()/-]{0,2}\d{1,5}){2,6}(?!\w)/g;
const NORTH_AMERICAN = /(?<![\w.-])\(?[2-9]\d{2}\)?[ .-][2-9]\d{2}[ .-]\d{4}(?![\w-])/g;

function phones(text: string): Hit[] {
  const international = found(text, E164, (match) => {
    const digits = match.replaceAll(/\D/g, "").length;
    return digits >= 8 && digits <= 15;
  });
  return [...international, ...found(text, NORTH_AMERICAN, () => true)].map((hit) => ({
    ...hit,
    class: "phone",
    reason: "a telephone number",
  }));
}

const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi;

function addresses(text: string): Hit[] {
  const four = found(text, IPV4, (match) => match.split(".").every((part) => Number(part) <= 255 && String(Number(part)) === part));
  return [...four, ...found(text, IPV6, () => true)].map((hit) => ({ ...hit, class: "ip-address", reason: "an IP address" }));
}

function found(text: string, expression: RegExp, isOne: (match: string) => boolean): { start: number; end: number }[] {
  return [...text.matchAll(expression)]
    .filter(([match]) => isOne(match))
    .map(({ 0: match, index }) => ({ start: index, end: index + match.length }));
}
