/** Elements whose text is no content. */
const SILENT = /<(script|style|template|noscript|svg|head)\b[\s\S]*?(<\/\1\s*>|$)/gi;
const BLOCK = /<\/?(p|div|section|article|h[1-6]|li|ul|ol|tr|table|br|hr|blockquote|pre|header|footer|main)\b[^<>]*>/gi;
const CELL = /(<\/?(td|th)\b[^<>]*>)+/gi;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The text of bytes: UTF-16 with a byte-order mark, UTF-8, or what is neither as Windows-1252 (Latin-1). */
export function decodedText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The text of a document as people read it: HTML without its markup, everything else as it is. Line ends are \n. */
export function plainText(name: string, content: string): string {
  const text = content
    .replace(/\r\n?/g, "\n")
    .replace(/^\ufeff/, "")
    .replaceAll("\0", "");
  if (!/\.html?$/i.test(name) && !/^\s*<(!doctype html|html)\b/i.test(text)) return text;
  return text
    .replace(/<!--[\s\S]*?(-->|$)/g, "")
    .replace(SILENT, "")
    .replace(/<h([1-6])\b[^<>]*>/gi, (_, level: string) => `\n\n${"#".repeat(Number(level))} `)
    .replace(BLOCK, "\n\n")
    .replace(CELL, " ")
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
