import { describe, expect, it } from "vitest";
import { isSafeSvg } from "../../../workers/kamachiq/escape.ts";

const drawing = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="10">${inside}</svg>`;

describe("a drawing", () => {
  it.each([
    ["shapes", drawing('<g fill="url(#a)"><path d="M0,0L1,1"/></g>')],
    ["data that reads like markup, as text", drawing("<text>&lt;img src=x onerror=alert(1)&gt; onclick=1 javascript:</text>")],
    ["the same in its spoken name", drawing('<g aria-label="a onload=1 > href=x javascript:y"><path/></g>')],
  ])("of %s goes into a page", (_, svg) => {
    expect(isSafeSvg(svg)).toBe(true);
  });

  it.each([
    ["a script", drawing("<script>alert(1)</script>")],
    ["a handler", drawing('<path onload="alert(1)"/>')],
    ["a handler without quotes", drawing("<path onload=alert(1) />")],
    ["a handler behind a value that holds a sign", drawing('<path aria-label=">" onload="alert(1)"/>')],
    ["a link", drawing('<a xlink:href="javascript:alert(1)"><text>x</text></a>')],
    ["a foreign object", drawing("<foreignObject><p>x</p></foreignObject>")],
    ["an animation that sets something", drawing('<set attributeName="href" to="x"/>')],
    ["a picture from elsewhere", drawing('<rect fill="url(https://example.org/x.svg)"/>')],
    ["a style of its own", drawing("<style>@import 'x'</style>")],
    ["a tag that does not end", drawing('<path d="')],
    ["something before it", `<p>x</p>${drawing("")}`],
  ])("with %s does not", (_, svg) => {
    expect(isSafeSvg(svg)).toBe(false);
  });
});
