import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { cronOf, itemsOf, partsOf } from "../../../workers/mao/route-request/parts.ts";
import { routeRequest } from "../../../workers/mao/route-request/route-request.ts";
import { validateGraph } from "../../../workers/mao/validate.ts";

const corpus = z.record(z.string(), z.array(z.string())).parse(parse(readFileSync("test/unit/graphs/requests.yaml", "utf8")));

describe("routing a request", () => {
  it.each(Object.entries(corpus).flatMap(([pattern, requests]) => requests.map((request) => ({ request, pattern }))))(
    "takes “$request” for $pattern",
    ({ request, pattern }) => {
      const route = routeRequest(request, []);
      expect(route.pattern, route.why.join("; ")).toBe(pattern);
      expect(() => validateGraph(route.graph)).not.toThrow();
    },
  );

  it("always gives a graph that can run", () => {
    const word = fc.constantFrom(
      "for each of a, b and c",
      "debate",
      "then",
      "first",
      "every monday",
      "until it is good",
      "approve",
      "manager",
      "${inputs.x}",
      "}",
      "\n1. x\n2. y",
      "route to",
    );
    const request = fc.oneof(
      fc.string({ minLength: 1, unit: "binary" }),
      fc.array(fc.oneof(word, fc.string()), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(" ")),
    );
    const agent = fc.record({
      name: fc.constantFrom("ann", "bob", "analyst"),
      description: fc.string(),
      card: fc.option(fc.constant("https://a.example/card.json"), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        request.filter((text) => text.trim() !== ""),
        fc.uniqueArray(agent, { selector: ({ name }) => name, maxLength: 3 }),
        (text, agents) => {
          expect(() => validateGraph(routeRequest(text, agents).graph)).not.toThrow();
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reads a request of the greatest length in no time, whatever words it repeats", () => {
    const words = [
      "first ",
      "1. x\n",
      "\n",
      " ",
      "for each of a, ",
      "each of a and ",
      "if the manager ",
      "until it ",
      "discuss whether ",
      "every 5 ",
    ];
    for (const word of words) {
      const began = performance.now();
      routeRequest(`a${word.repeat(Math.floor(19_999 / word.length))}`, []);
      // A pattern that backtracks takes seconds; what is left is to write the graph down.
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });

  it("says which words decided", () => {
    expect(routeRequest("Debate the plan, then write it up.", [])).toMatchObject({
      pattern: "debate",
      adapter: "autogen",
      confidence: 0.67,
      why: ["“Debate”: several voices discuss it"],
    });
  });

  it("lets the agents take part that it is told of", () => {
    const { graph } = routeRequest("Debate the plan", [
      { name: "ann", description: "For it" },
      { name: "bob", description: "Against", card: "https://b.example/.well-known/agent-card.json" },
    ]);
    expect(graph.steps.debate?.with.agents).toEqual(["ann", "bob"]);
    expect(graph.agents).toMatchObject({ ann: { as: "model" }, bob: { as: "a2a" } });
  });

  it("splits a request into its steps", () => {
    expect(partsOf("First find the prices, then compare them. Finally, write a mail.")).toEqual([
      "find the prices",
      "compare them",
      "write a mail",
    ]);
  });

  it("finds the items something is to be done for", () => {
    expect(itemsOf("For each of Lisbon, Porto and Faro, find a hotel.")).toEqual(["Lisbon", "Porto", "Faro"]);
    expect(itemsOf("Check all of the following: solar, wind, and hydro.")).toEqual(["solar", "wind", "hydro"]);
  });

  it.each([
    ["every Monday at 9", "0 9 * * 1"],
    ["every 15 minutes", "*/15 * * * *"],
    ["each weekday at 5:30 pm", "30 17 * * 1-5"],
    ["every night", "0 20 * * *"],
    ["each month at 12 am", "0 0 1 * *"],
    ["every 2 hours", "0 */2 * * *"],
    ["once", undefined],
  ])("reads the times of “%s”", (text, cron) => {
    expect(cronOf(text)).toBe(cron);
  });
});
