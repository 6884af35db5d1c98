/** Elements whose text is no content. */
const SILENT = /<(script|style|template|noscript|svg|head)\b[\s\S]*?(<\/\1\s*>|$)/gi;
const BLOCK = /<\/?(p|div|section|article|h[1-6]|li|ul|ol|tr|table|br|hr|blockquote|pre|header|footer|main)\b[^<>]*>/gi;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The text of a document as people read it: HTML without its markup, everything else as it is. Line ends are \n. */
export function plainText(name: string, content: string): string {
  const text = content.replace(/\r\n?/g, "\n").replace(/^\ufeff/, "");
  if (!/\.html?$/i.test(name) && !/^\s*<(!doctype html|html)\b/i.test(text)) return text;
  return text
    .replace(/<!--[\s\S]*?(-->|$)/g, "")
    .replace(SILENT, "")
    .replace(/<h([1-6])\b[^<>]*>/gi, (_, level: string) => `\n\n${"#".repeat(Number(level))} `)
    .replace(BLOCK, "\n\n")
    .replace(/<[^<>]*>/g, "")
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, entity: string) => decodeEntity(entity) ?? whole)
    .replace(/\n[ \t]+/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function decodeEntity(entity: string): string | undefined {
  if (!entity.startsWith("#")) return ENTITIES[entity.toLowerCase()];
  const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number.parseInt(entity.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
