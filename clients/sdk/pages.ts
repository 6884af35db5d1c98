interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | undefined;
}

/**
 * All items of a list, page by page as they are asked for. Ends when the server names no next page, or the same one again.
 *
 *     for await (const session of pages((query) => must(api.GET("/v1/sessions", { params: { query } })))) …
 */
export async function* pages<T>(read: (query: { cursor?: string }) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  for (;;) {
    const page = await read(cursor === undefined ? {} : { cursor });
    yield* page.items;
    if (page.nextCursor === undefined || page.nextCursor === cursor) return;
    cursor = page.nextCursor;
  }
}
