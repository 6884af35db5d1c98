import { describe, expect, it } from "vitest";
import { pages } from "../../../clients/sdk/pages.ts";

async function collect(book: Record<string, { items: number[]; nextCursor?: string }>, most = Number.POSITIVE_INFINITY) {
  const asked: string[] = [];
  const items: number[] = [];
  const read = async ({ cursor = "first" }: { cursor?: string }) => {
    asked.push(cursor);
    return book[cursor] ?? { items: [] };
  };
  for await (const item of pages(read)) {
    items.push(item);
    if (items.length >= most) break;
  }
  return { asked, items };
}

describe("a list", () => {
  it("goes on page after page to its end, over an empty one too", async () => {
    const book = { first: { items: [1, 2], nextCursor: "b" }, b: { items: [], nextCursor: "c" }, c: { items: [3] } };
    expect(await collect(book)).toEqual({ asked: ["first", "b", "c"], items: [1, 2, 3] });
  });

  it("asks for no page that nobody wants", async () => {
    const book = { first: { items: [1, 2], nextCursor: "b" }, b: { items: [3] } };
    expect(await collect(book, 2)).toEqual({ asked: ["first"], items: [1, 2] });
  });

  it("ends when a server names the same page again", async () => {
    expect(await collect({ first: { items: [1], nextCursor: "b" }, b: { items: [2], nextCursor: "b" } })).toMatchObject({ items: [1, 2] });
  });
});
