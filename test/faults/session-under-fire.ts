import { must, type SomaClient, somaClient } from "../../clients/sdk/client.ts";
import type { Counts } from "./counts.ts";
import { holdTwice } from "./hold-twice.ts";
import { insist } from "./insist.ts";
import { MEASURES, table } from "./project-under-fire.ts";

/** Asks one session question after question until it is told to stop; every question must be answered once. */
export async function sessionUnderFire(platform: { url: string; apiKey: string }, counts: Counts, isOver: () => boolean): Promise<void> {
  const client = somaClient(platform);
  counts.sessions += 1;
  const artifact = await insist(() => client.upload("data.csv", table()));
  const { id } = await insist(() => must(client.api.POST("/v1/sessions", { body: { title: "questions", agent: "analyst" } })));
  const held = holdTwice(platform, client, id, (event) => event.type === "session.closed", counts);
  held.catch(() => undefined); // Told when it is awaited, after the last question.
  const asked: string[] = [];
  while (!isOver()) {
    const text = `Compare the mean of measure ${(asked.length % MEASURES) + 1} by team, question ${asked.length + 1}?`;
    await insist(() => askOnce(client, id, text, asked.length === 0 ? [artifact.id] : []));
    asked.push(text);
  }
  const answered = await insist(() => conversation(client, id));
  await insist(() => must(client.api.POST("/v1/sessions/{id}/close", { params: { path: { id } } })));
  const wire = await held;
  counts.turns += asked.length;
  counts.completedTurns += asked.filter((text) => answered.filter((message) => message.text === text).length === 1).length;
  counts.missingEffects += wire.filter((event) => event.type === "turn.failed").length;
}

/** Puts a question, unless an earlier try already has, and waits until no turn runs. */
async function askOnce(client: SomaClient, id: string, text: string, attachments: string[]): Promise<void> {
  const session = await must(client.api.GET("/v1/sessions/{id}", { params: { path: { id } } }));
  if (!session.isBusy) {
    const messages = await conversation(client, id);
    if (messages.some((message) => message.text === text)) return;
    const kept = session.files.length > 0 ? [] : attachments;
    await must(client.api.POST("/v1/sessions/{id}/messages", { params: { path: { id } }, body: { text, attachments: kept } }));
  }
  throw new Error("the turn still runs");
}

async function conversation(client: SomaClient, id: string) {
  const messages = [];
  for (let cursor: string | undefined; ; ) {
    const query = cursor === undefined ? { limit: 200 } : { limit: 200, cursor };
    const page = await must(client.api.GET("/v1/sessions/{id}/messages", { params: { path: { id }, query } }));
    messages.push(...page.items.filter((message) => message.role === "user"));
    if (page.nextCursor === undefined) return messages;
    cursor = page.nextCursor;
  }
}
