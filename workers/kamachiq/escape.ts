/** Text as HTML shows it: nothing in it is markup. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** Text as Markdown shows it: nothing in it is markup, in a paragraph or in the cell of a table. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/([\\`*_[\]|~])/g, "\\$1")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/^(\s*)([#+-]|\d+\.)(?=\s)/, "$1\\$2");
}

const UNSAFE_SVG =
  /<\s*(script|foreignObject|iframe|object|embed|use|image|animate|set)\b|\son[a-z]+\s*=|(?:href|src)\s*=|javascript:|@import|url\(\s*['"]?(?!#)/i;

/** A drawing that can be put into a page: ours always can, whatever its texts say; what holds more than shapes and text cannot. */
export function isSafeSvg(svg: string): boolean {
  const markup = svg.replace(/>[^<]*</g, "><").replace(/\saria-[a-z]+="[^"<>]*"/g, "");
  return /^\s*<svg\b/.test(svg) && !UNSAFE_SVG.test(markup);
}
