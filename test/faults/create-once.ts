import { randomUUID } from "node:crypto";
import { z } from "zod";
import { problemOf } from "../../clients/sdk/problem.ts";
import { insist } from "./insist.ts";

/** Makes something by a POST, however often it has to be asked for: the key, which outlives the platform's deaths, makes it one. @returns its id */
export async function createOnce(platform: { url: string; apiKey: string }, path: string, body: unknown): Promise<string> {
  const headers = { Authorization: `Bearer ${platform.apiKey}`, "Content-Type": "application/json", "Idempotency-Key": randomUUID() };
  return insist(async () => {
    const response = await fetch(platform.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw await problemOf(response);
    return z.object({ id: z.string() }).parse(await response.json()).id;
  });
}
