import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import type { Hit } from "./hit.ts";

const config = {
  rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator, options: {}, rules: [] }],
};

/** `Authorization` headers and JSON Web Tokens, which no rule of the package looks for. */
const BEARER = /(?<![\w-])eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{16,1000}(?![\w-])/g;
/** Our own keys. */
const OWN_KEY = /(?<!\w)soma_key_[0-9A-Z]{26}_[\w-]{16,100}/g;
/** A value that is called a secret where it stands, and looks like one. */
const NAMED =
  /(?<![\w-])(?:password|passwd|secret|api[_-]?key|access[_-]?token|client[_-]?secret)["']?\s{0,3}[:=]\s{0,3}["']?([\w!#$%&*+./?@^~-]{8,200})/gi;
/** Bits of information a character, on average, from which a string of this kind is not a word: English text has about 4 in all, and far less in a word. */
const MIN_ENTROPY = 3.2;

/** Secrets and credentials: by the rules of secretlint, and a few of our own. */
export async function secrets(text: string): Promise<Hit[]> {
  const { messages } = await lintSource({
    source: { filePath: "text", content: text, contentType: "text", ext: ".txt" },
    options: { config, maskSecrets: true },
  });
  const known = messages.map(({ ruleId, range: [start, end] }) => ({
    start,
    end,
    reason: `a credential (${ruleId.replace(/^.*secretlint-rule-/, "")})`,
  }));
  const tokens = [...text.matchAll(BEARER)].map((match) => spanOf(match, "a JSON Web Token"));
  const own = [...text.matchAll(OWN_KEY)].map((match) => spanOf(match, "an API key of this platform"));
  const named = [...text.matchAll(NAMED)].flatMap((match) => {
    const [whole, value = ""] = match;
    const end = match.index + whole.length;
    return entropy(value) >= MIN_ENTROPY && /\d/.test(value)
      ? [{ start: end - value.length, end, reason: "a value that is named as a secret and looks like one" }]
      : [];
  });
  return [...known, ...tokens, ...own, ...named].map((hit) => ({ ...hit, class: "secret" }));
}

function spanOf(match: RegExpExecArray, reason: string) {
  return { start: match.index, end: match.index + match[0].length, reason };
}

/** Shannon entropy of a string's characters, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
