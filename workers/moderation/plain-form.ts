/** A text as it is compared, with where each of its characters came from. */
export interface PlainForm {
  readonly text: string;
  /** For each code unit of `text` its place in the original; one more for the end. */
  readonly places: readonly number[];
}

/** Letters of other scripts that look like Latin ones, after decomposition and in small letters (a part of Unicode's confusables.txt, by eye). */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{
    а: "a",
    е: "e",
    о: "o",
    р: "p",
    с: "c",
    у: "y",
    х: "x",
    і: "i",
    ј: "j",
    ѕ: "s",
    һ: "h",
    ԁ: "d",
    ԛ: "q",
    ԝ: "w",
    ո: "n",
    в: "b",
    к: "k",
    м: "m",
    н: "h",
    т: "t",
    г: "r",
  },
  ...{ α: "a", ε: "e", ο: "o", ρ: "p", ν: "v", τ: "t", υ: "u", ι: "i", κ: "k", η: "n", χ: "x", γ: "y", β: "b", μ: "u" },
  ...{ ı: "i", ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe", ɡ: "g", ɑ: "a" },
};
/** Most text: letters and digits as they are compared, everything else a space. */
const ASCII = Array.from({ length: 0x80 }, (_, code) =>
  /[a-z0-9]/i.test(String.fromCharCode(code)) ? String.fromCharCode(code).toLowerCase() : " ",
);
/** Marks that are laid over letters, and characters without width, which hide words from a search. */
const IGNORED = /[\p{Mn}\p{Cf}]/u;

/**
 * The form in which words are looked for: compatibility forms decomposed (NFKD), small letters, marks and characters without width left out, letters that look like Latin ones
 * made Latin, every run of white space and punctuation one space.
 */
export function plainForm(text: string): PlainForm {
  let plain = "";
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x80) {
      const said = ASCII[code] ?? " ";
      if (said !== " " || !(plain === "" || plain.endsWith(" "))) {
        plain += said;
        places.push(at);
      }
      at += 1;
      continue;
    }
    for (const part of character.normalize("NFKD").toLowerCase()) {
      if (IGNORED.test(part)) continue;
      const said = LOOKALIKES[part] ?? (/[\p{L}\p{N}]/u.test(part) ? part : " ");
      if (said === " " && (plain === "" || plain.endsWith(" "))) continue;
      for (let i = 0; i < said.length; i += 1) places.push(at);
      plain += said;
    }
    at += character.length;
  }
  places.push(text.length);
  return { text: plain, places };
}
