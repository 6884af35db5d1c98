/**
 * JSON with comments as JSON: each comment becomes as many spaces, so that every place stays where it is. One pass, whatever the text: what
 * is cut off inside a string or a comment stays as it is, for the parser to find.
 */
export function withoutComments(text: string): string {
  let result = "";
  let kept = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at);
    const opening = text[at] === "/" ? text[at + 1] : undefined;
    if (opening !== "/" && opening !== "*") continue;
    const end = endOfComment(text, at, opening);
    result += text.slice(kept, at) + text.slice(at, end).replace(/[^\n]/g, " ");
    kept = end;
    at = end - 1;
  }
  return result + text.slice(kept);
}

/** The index of the quote that ends a string, or of the text's last character. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"' || text[at] === "\n") return at;
  }
  return text.length;
}

/** The index behind a comment. */
function endOfComment(text: string, start: number, opening: "/" | "*"): number {
  const end = opening === "/" ? text.indexOf("\n", start) : text.indexOf("*/", start + 2) + 2;
  return end < start + 2 ? text.length : end;
}
