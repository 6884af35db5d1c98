import { SELF } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { must, pages, SomaProblem, somaClient } from "../../clients/sdk/index.ts";
import { newTenant } from "./tenant.ts";

describe("the SDK in a Worker", () => {
  it("works over what stands in for fetch: upload, message, events, lists, problems", async () => {
    const { key } = await newTenant();
    const soma = somaClient({ url: "http://soma.test", apiKey: key, send: (request) => SELF.fetch(request) });
    const table = await soma.upload("sales.csv", new Blob(["region,amount\nnorth,12\nsouth,7\nnorth,9\n"]));
    expect(await new Response(await soma.content(table.id)).text()).toContain("north,12");
    const session = await must(soma.api.POST("/v1/sessions", { body: { title: "Sales", agent: "analyst" } }));
    const body = { text: "Compare the mean of amount by region", attachments: [table.id] };
    await must(soma.api.POST("/v1/sessions/{id}/messages", { params: { path: { id: session.id } }, body }));
    const types: string[] = [];
    for await (const event of soma.events(session.id, { isLast: ({ type }) => type === "turn.completed" })) types.push(event.type);
    expect(types[0]).toBe("session.created");
    expect(types.at(-1)).toBe("turn.completed");
    const names: string[] = [];
    for await (const file of pages((query) => must(soma.api.GET("/v1/artifacts", { params: { query } })))) names.push(file.name);
    expect(names).toEqual(["sales.csv"]);
    const missing = must(soma.api.GET("/v1/sessions/{id}", { params: { path: { id: "ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2" } } }));
    await expect(missing).rejects.toBeInstanceOf(SomaProblem);
  });
});
