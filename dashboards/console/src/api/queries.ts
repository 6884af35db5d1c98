import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { must, type Project, type Run, type SomaClient } from "../../../../clients/sdk/client.ts";

/** Lists follow the work by a queue, so they are asked for again while they are looked at. */
export const LIST_REFRESH_MS = 4_000;

/** The cursor of the first page: none. */
export const FIRST_PAGE = "";

export const tenantQuery = (client: SomaClient) =>
  queryOptions({
    queryKey: ["tenant"],
    queryFn: ({ signal }) => must(client.api.GET("/v1/tenants/current", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const projectsQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["projects"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/kamachiq/projects", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: LIST_REFRESH_MS,
  });

export const sessionsQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["sessions"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/sessions", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: LIST_REFRESH_MS,
  });

export const runsQuery = (client: SomaClient, state: Run["state"] | undefined) =>
  infiniteQueryOptions({
    queryKey: ["runs", state ?? "any"],
    queryFn: ({ pageParam, signal }) =>
      must(
        client.api.GET("/v1/mao/runs", { params: { query: { ...pageOf(pageParam), ...(state === undefined ? {} : { state }) } }, signal }),
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: LIST_REFRESH_MS,
  });

export const runQuery = (client: SomaClient, id: string) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }): Promise<Run> => must(client.api.GET("/v1/mao/runs/{id}", { params: { path: { id } }, signal })),
  });

export const projectQuery = (client: SomaClient, id: string) =>
  queryOptions({
    queryKey: ["project", id],
    queryFn: ({ signal }): Promise<Project> => must(client.api.GET("/v1/kamachiq/projects/{id}", { params: { path: { id } }, signal })),
  });

/** What waits for a person's decision, oldest first. */
export const reviewsQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["reviews"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/kamachiq/reviews", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: LIST_REFRESH_MS,
  });

export const reviewQuery = (client: SomaClient, id: string) =>
  queryOptions({
    queryKey: ["reviews", id],
    queryFn: ({ signal }) => must(client.api.GET("/v1/kamachiq/projects/{id}/review", { params: { path: { id } }, signal })),
    refetchInterval: LIST_REFRESH_MS,
  });

export const sessionQuery = (client: SomaClient, id: string) =>
  queryOptions({
    queryKey: ["session", id],
    queryFn: ({ signal }) => must(client.api.GET("/v1/sessions/{id}", { params: { path: { id } }, signal })),
  });

/** What was said in a session, in pages from the beginning; asked for again, because nothing tells of more. */
export const messagesQuery = (client: SomaClient, id: string) =>
  infiniteQueryOptions({
    queryKey: ["session", id, "messages"],
    queryFn: ({ pageParam, signal }) =>
      must(client.api.GET("/v1/sessions/{id}/messages", { params: { path: { id }, query: { ...pageOf(pageParam), limit: 200 } }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: LIST_REFRESH_MS,
  });

/** The page of a list after this cursor. */
export function pageOf(cursor: string) {
  return cursor === FIRST_PAGE ? { limit: 25 } : { limit: 25, cursor };
}
