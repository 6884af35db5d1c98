/** Signs that turn the direction of what follows, or that nobody sees: data must not reorder a report around it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

/** Text as HTML shows it: nothing in it is markup. */
export function escapeHtml(text: string): string {
  return text
    .replace(INVISIBLE, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Text as Markdown shows it: nothing in it is markup, in a paragraph or in the cell of a table. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(INVISIBLE, "\ufffd")
    .replace(/[\r\n]+/g, " ")
    .replace(/([\\`*_[\]|~])/g, "\\$1")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/^(\s*)([#+-]|\d+\.)(?=\s)/, "$1\\$2");
}

/** A tag with its attributes, whose values may hold `>`. */
const TAG = /<[!?/]?([a-z][\w:-]*)?((?:"[^"]*"|'[^']*'|[^"'<>])*)>/gi;
const ATTRIBUTE = /([\w:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)/g;
const UNSAFE_ELEMENT = /^(script|foreignObject|iframe|object|embed|use|image|animate\w*|set|style|a|link)$/i;
const UNSAFE_ATTRIBUTE = /^(on\w+|(xlink:)?href|src|style)$/i;
const UNSAFE_VALUE = /javascript:|@import|url\(\s*['"]?(?!#)/i;
/** Attributes whose values are read to people and never followed. */
const SPOKEN = /^aria-\w+$/i;

/**
 * A drawing that can be put into a page: ours always can; whatever holds more than shapes and text cannot. Only markup is judged: a group may be
 * called whatever its data says, as long as that is text.
 */
export function isSafeSvg(svg: string): boolean {
  if (!/^\s*<svg\b/.test(svg)) return false;
  const tags = [...svg.matchAll(TAG)];
  // What is left when all tags are taken out is text, which holds no tag that could not be read.
  if (svg.replace(TAG, "").includes("<")) return false;
  return tags.every(([, element = "", attributes = ""]) => !UNSAFE_ELEMENT.test(element) && areSafe(attributes));
}

function areSafe(attributes: string): boolean {
  return [...attributes.matchAll(ATTRIBUTE)].every(([, name = "", value = ""]) => {
    if (UNSAFE_ATTRIBUTE.test(name)) return false;
    return SPOKEN.test(name) || !UNSAFE_VALUE.test(value);
  });
}
