import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { must, type SomaClient } from "../../../../clients/sdk/client.ts";
import { FIRST_PAGE, LIST_REFRESH_MS, pageOf } from "../api/queries.ts";

export const switchesQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["kill-switch"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/kill-switch", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: LIST_REFRESH_MS,
  });

/** What is stopped now, for the banner over all pages. */
export const thrownQuery = (client: SomaClient) =>
  queryOptions({
    queryKey: ["kill-switch", "thrown"],
    queryFn: ({ signal }) => must(client.api.GET("/v1/kill-switch", { params: { query: { state: "thrown", limit: 5 } }, signal })),
    refetchInterval: LIST_REFRESH_MS,
  });

/** What of the audit log is looked for. */
export interface AuditSearch {
  readonly object?: string | undefined;
  readonly type?: string | undefined;
}

export const auditQuery = (client: SomaClient, { object, type }: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", object ?? "", type ?? ""],
    queryFn: ({ pageParam, signal }) =>
      must(
        client.api.GET("/v1/audit/events", {
          params: {
            query: { ...pageOf(pageParam), ...(object === undefined ? {} : { object }), ...(type === undefined ? {} : { type }) },
          },
          signal,
        }),
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const keysQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["keys"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/api-keys", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const constitutionQuery = (client: SomaClient) =>
  queryOptions({
    queryKey: ["constitution"],
    queryFn: ({ signal }) => must(client.api.GET("/v1/constitution", { signal })),
  });

export const constitutionVersionsQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["constitution", "versions"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/constitution/versions", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const constitutionVersionQuery = (client: SomaClient, id: string) =>
  queryOptions({
    queryKey: ["constitution", "version", id],
    queryFn: ({ signal }) => must(client.api.GET("/v1/constitution/versions/{id}", { params: { path: { id } }, signal })),
  });

export const constitutionDiffQuery = (client: SomaClient, id: string) =>
  queryOptions({
    queryKey: ["constitution", "diff", id],
    queryFn: ({ signal }) => must(client.api.GET("/v1/constitution/versions/{id}/diff", { params: { path: { id } }, signal })),
  });

export const policyVersionsQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["policies"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/policies", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const policyVersionQuery = (client: SomaClient, id: string) =>
  queryOptions({
    queryKey: ["policies", id],
    queryFn: ({ signal }) => must(client.api.GET("/v1/policies/{id}", { params: { path: { id } }, signal })),
  });

export const decisionsQuery = (client: SomaClient, effect: "allow" | "deny" | undefined) =>
  infiniteQueryOptions({
    queryKey: ["decisions", effect ?? "any"],
    queryFn: ({ pageParam, signal }) =>
      must(
        client.api.GET("/v1/policy/decisions", {
          params: { query: { ...pageOf(pageParam), ...(effect === undefined ? {} : { effect }) } },
          signal,
        }),
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const usersQuery = (client: SomaClient) =>
  infiniteQueryOptions({
    queryKey: ["users"],
    queryFn: ({ pageParam, signal }) => must(client.api.GET("/v1/users", { params: { query: pageOf(pageParam) }, signal })),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const rolesQuery = (client: SomaClient) =>
  queryOptions({
    queryKey: ["roles"],
    queryFn: ({ signal }) => must(client.api.GET("/v1/roles", { signal })),
  });

/** The proof that an event is a leaf of the transparency log. */
export const inclusionQuery = (client: SomaClient, object: string, seq: number) =>
  queryOptions({
    queryKey: ["inclusion", object, seq],
    queryFn: ({ signal }) => must(client.api.GET("/v1/audit/inclusion", { params: { query: { object, seq } }, signal })),
  });
