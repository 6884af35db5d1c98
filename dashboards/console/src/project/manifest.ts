import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { SomaClient } from "../../../../clients/sdk/client.ts";

/** What the manifest of a project says of where its files come from. */
const manifestSchema = z.object({
  sources: z.array(z.object({ artifact: z.string(), name: z.string(), sha256: z.string() })),
  steps: z.array(z.object({ step: z.string(), goal: z.string(), capsule: z.string(), engine: z.string() })),
  review: z.object({ score: z.number(), approvedBy: z.string() }),
  deliverables: z.array(z.object({ name: z.string(), madeBy: z.string(), madeFrom: z.array(z.string()) })),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestQuery = (client: SomaClient, project: string) =>
  queryOptions({
    queryKey: ["project", project, "manifest"],
    queryFn: async ({ signal }): Promise<Manifest> =>
      manifestSchema.parse(JSON.parse(await new Response(await client.deliverable(project, "manifest.json", { signal })).text())),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A file as it was delivered, and whether it still has the hash that the manifest gives it. */
export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Undefined where the browser cannot tell: it hashes on secure pages only. */
  readonly isIntact: boolean | undefined;
}

export const contentQuery = (client: SomaClient, project: string, file: { readonly name: string; readonly sha256: string }) =>
  queryOptions({
    queryKey: ["project", project, "content", file.name, file.sha256],
    queryFn: async ({ signal }): Promise<Content> => {
      const bytes = await new Response(await client.deliverable(project, file.name, { signal })).bytes();
      return { bytes, isIntact: await hasHash(bytes, file.sha256) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

async function hasHash(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<boolean | undefined> {
  if (!window.isSecureContext) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
