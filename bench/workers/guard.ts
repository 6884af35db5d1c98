import platform from "../../policies/cedar/platform.cedar";
import { decideBy, decideKept } from "../../workers/policy/decide.ts";
import { mergeLayers } from "../../workers/policy/policy-set.ts";
import type { PolicyRequest } from "../../workers/policy/request.ts";

/** With the platform's own there are 200 and a few. */
const POLICIES = 200;
/** Tools that are asked for in turns; policies name them, and others. */
const TOOLS = 64;

/** Three in four name the tool they are about, as policies do; the others look at every tool. */
function policyText(i: number): string {
  const condition =
    i % 4 === 0
      ? `principal.roles.contains("role-${i}")`
      : `resource.name == "tool-${i % (2 * TOOLS)}" && principal.groups.contains("group-${i}")`;
  return `@id("p${i}") forbid (principal, action == Action::"tool", resource) when { ${condition} && context.history.contains("label:${i}") };`;
}

const set = mergeLayers([
  { name: "platform", text: platform },
  { name: "tenant", text: Array.from({ length: POLICIES }, (_, i) => policyText(i)).join("\n") },
]);
const capabilities = Array.from({ length: 48 }, (_, i) => `area-${i}.write`).concat("tools.invoke");

/** No two alike: what was decided before is of no use. */
function request(i: number): PolicyRequest {
  return {
    action: "tool",
    principal: {
      id: `usr_${i}`,
      tenant: "ten_1",
      kind: "user",
      roles: [`role-${i % 50}`],
      groups: [`group-${i % 50}`],
      capabilities,
      amr: ["pwd"],
    },
    resource: { name: `tool-${i % TOOLS}`, risk: "read", tags: [], agent: "assistant", owner: "usr_1" },
    context: { tenant: "ten_1", now: i, history: [`tool:tool-${i % 7}`, `label:${i % 11}`], labels: [], channel: "run" },
  };
}

let asked = 0;

/** `/cold?n=` decides so many requests by Cedar, `/kept?n=` one request so many times by what is kept, `/none` decides nothing. */
export default {
  async fetch(incoming) {
    const { pathname, searchParams } = new URL(incoming.url);
    const n = Math.min(1_000, Number(searchParams.get("n")));
    let allowed = 0;
    for (let i = 0; i < n; i += 1) {
      asked += 1;
      const verdict = pathname === "/cold" ? decideBy(set, request(asked)) : decideKept(set, request(0));
      if (verdict.effect === "allow") allowed += 1;
    }
    return new Response(String(allowed));
  },
} satisfies ExportedHandler;
