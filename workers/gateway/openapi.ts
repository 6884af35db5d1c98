import type { OpenAPIHono } from "@hono/zod-openapi";
import type { HttpEnv } from "../platform/route.ts";
import { VERSION } from "./version.ts";

const TAGS = [
  ["Platform", "Is it alive, is it ready, which version runs."],
  ["Identity", "Tenants, API keys and tokens."],
  ["People", "Users, groups, roles, service accounts, and the letters sent to people."],
  ["Account", "Who one is, and one's own sign-ins."],
  ["Sessions", "Conversations with agents: turns stream as numbered events."],
  ["Runs", "Graphs of steps that run durably: sequential, parallel, with conditions, people and times."],
  ["KAMACHIQ", "A brief becomes a finished project."],
  ["Templates", "Graphs and teams that runs are started from, imported from files of ours and of other frameworks."],
  ["Artifacts", "Files that go in and come out."],
  ["Capsules", "Versioned task graphs that agents run."],
  ["Tools", "What agents can do."],
  ["Memory", "What agents remember."],
  ["Billing", "Budgets."],
  ["Constitution", "What binds every agent: versions, approvals, what is in force."],
  ["Compliance", "Overlays of regulations, what they cover, and findings."],
  ["Audit", "What happened, who did it, who allowed it."],
  ["Operations", "Messages that could not be delivered."],
] as const;

/** The OpenAPI 3.1 document of every route that is mounted. */
export function openApiDocument(app: OpenAPIHono<HttpEnv>) {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API key (`soma_key_…`) or a token made from one at `/v1/auth/tokens`.",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "SomaAgent",
      version: VERSION,
      description:
        "Agent sessions, projects from a brief, capsules, tools and memory, governed and audited. Errors are problem documents (RFC 9457).",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/", description: "The host that serves this document" }],
    tags: TAGS.map(([name, description]) => ({ name, description })),
  });
}
