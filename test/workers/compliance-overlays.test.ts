import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { partsOf } from "../../workers/audit/parts.ts";
import { listAuditEvents } from "../../workers/audit/search.ts";
import { writeParts } from "../../workers/audit/store.ts";
import { keptDays, OVERLAY_NAMES, overlayOf } from "../../workers/compliance/overlays.ts";
import { sweep } from "../../workers/operations/retention.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { OPERATOR_TENANT } from "../../workers/platform/principal.ts";
import { parseCases, runCases } from "../../workers/policy/cases.ts";
import { changeGovernance } from "../../workers/policy/governance-of.ts";
import { PLATFORM_LAYERS } from "../../workers/policy/policies-in-force.ts";
import { mergeLayers } from "../../workers/policy/policy-set.ts";
import { newTenant } from "./tenant.ts";

const DAY = 86_400_000;
const overlays = OVERLAY_NAMES.map((name) => [name, overlayOf(name)] as const);

describe.each(overlays)("the overlay %s", (name, overlay) => {
  const policies = overlay.controls.flatMap(({ cedar }) => (cedar === undefined ? [] : [cedar]));
  const set = mergeLayers([...PLATFORM_LAYERS, { name: "overlay", text: policies.join("\n") }]);
  const cases = overlay.controls.flatMap((control) => parseCases(control.cases ?? "[]").map((one) => [control.id, one] as const));

  it.each(cases.map(([control, one]) => [`${control}: ${one.name}`, control, one] as const))("decides that %s", (_, control, one) => {
    const [outcome] = runCases(set, [one]);
    // What other controls of the overlay demand besides is theirs to be tried for.
    const own = mergeLayers([
      ...PLATFORM_LAYERS,
      { name: "overlay", text: overlay.controls.find(({ id }) => id === control)?.cedar ?? "" },
    ]);
    expect(runCases(own, [one])[0], outcome?.why).toMatchObject({ passed: true });
  });

  it("has for each policy a case in which it decides, and one in which it does not", () => {
    for (const control of overlay.controls.filter(({ cedar }) => cedar !== undefined)) {
      const id = `overlay.${name}.${control.id}`;
      expect([...set.policies.keys()], control.id).toContain(id);
      const decided = runCases(set, parseCases(control.cases ?? "")).map((outcome) => outcome.policies.includes(id));
      expect(decided, control.id).toContain(true);
      if (decided.length > 1) expect(decided, control.id).toContain(false);
      expect(set.policies.get(id)?.annotations.clause, control.id).toBe(control.clause);
      expect(control.does, control.id).toBe(
        set.policies.get(id)?.effect === "forbid" ? "forbid" : set.policies.get(id)?.annotations.obligation,
      );
    }
  });

  it("says of every clause who meets it, and by what; each control belongs to a clause", () => {
    const known = new Set(overlay.controls.map(({ id }) => id));
    const named = new Set(overlay.clauses.flatMap(({ controls }) => controls));
    expect([...named].filter((control) => !known.has(control))).toEqual([]);
    expect([...known].filter((control) => !named.has(control))).toEqual([]);
    expect(new Set(overlay.clauses.map(({ clause }) => clause)).size).toBe(overlay.clauses.length);
    for (const { clause, status, controls, evidence } of overlay.clauses)
      if (status === "met") expect([...controls, ...evidence].length, clause).toBeGreaterThan(0);
    expect(overlay.clauses.filter(({ status }) => status === "not-software").length).toBeGreaterThan(0);
  });
});

describe("an overlay", () => {
  it("that is switched on governs at once, is recorded, and stops governing when it is switched off", async () => {
    const tenant = await newTenant();
    const put = (isOn: boolean, name = "ferpa") =>
      tenant.fetch(`/v1/compliance/overlays/${name}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ isOn }),
      });
    const graph = { steps: { get: { uses: "tool:http.fetch", with: { url: "https://example.org/" } } } };
    const decided = async () =>
      (await (await tenant.post("/v1/mao/dry-run", { graph })).json<{ steps: { decision: { policies: string[] } }[] }>()).steps[0]
        ?.decision;
    const before = (await (await tenant.post("/v1/sessions", {})).json<{ id: string }>()).id;
    expect(before).toMatch(/^ses_/);
    expect(await (await put(true)).json()).toMatchObject({ name: "ferpa", isOn: true });
    expect(await (await put(true)).json()).toMatchObject({ isOn: true });
    expect(await (await put(true, "soc2")).json()).toMatchObject({ name: "soc2", isOn: true });
    expect((await put(true, "gdpr")).status).toBe(404);
    const { items } = await (await tenant.fetch("/v1/compliance/overlays")).json<{ items: { name: string; isOn: boolean }[] }>();
    expect(items.filter(({ isOn }) => isOn).map(({ name }) => name)).toEqual(["ferpa", "soc2"]);
    expect((await decided())?.policies).not.toContain("overlay.ferpa.disclosure-needs-consent");
    expect(await (await put(false)).json()).toMatchObject({ isOn: false });
    const recorded = await (await tenant.fetch("/v1/audit/events?type=resource.changed")).json<{
      items: { data: { action: string; resource: string } }[];
    }>();
    expect(recorded.items.map(({ data }) => `${data.action} ${data.resource}`)).toEqual(
      expect.arrayContaining(["overlay.switched-on ferpa", "overlay.switched-on soc2", "overlay.switched-off ferpa"]),
    );
  });

  it("has its coverage told as data and as a page", async () => {
    const tenant = await newTenant();
    const report = await (await tenant.fetch("/v1/compliance/overlays/hipaa/coverage")).json<{
      counts: Record<string, number>;
      clauses: unknown[];
      isOn: boolean;
    }>();
    expect(report.isOn).toBe(false);
    expect(Object.values(report.counts).reduce((sum, n) => sum + n, 0)).toBe(report.clauses.length);
    const page = await tenant.fetch("/v1/compliance/overlays/hipaa/coverage?form=markdown");
    expect(page.headers.get("Content-Type")).toContain("text/markdown");
    expect(await page.text()).toContain("| 45 CFR 164.308(a)(5) | Security awareness and training | not possible by software alone |");
  });

  it("that is on keeps the audit log as long as the longest of them demands, and no other tenant's", async () => {
    expect(keptDays("audit", 400, [])).toBe(400);
    expect(keptDays("audit", 400, ["pci-dss", "hipaa"])).toBe(2_192);
    expect(keptDays("audit", 4_000, ["pci-dss", "hipaa"])).toBe(4_000);
    expect(keptDays("audit", 400, ["ferpa", "hipaa"])).toBe(Number.POSITIVE_INFINITY);
    const [kept, swept, held] = [await newTenant(), await newTenant(), await newTenant()];
    await changeGovernance(env, kept.id, { change: "overlay", name: "hipaa", isOn: true });
    await changeGovernance(env, held.id, { change: "overlay", name: "ferpa", isOn: true });
    const now = systemClock.now();
    const event = (at: number) => [{ seq: 1, at, type: "turn.completed", data: {} }];
    for (const { id } of [kept, swept, held])
      for (const days of [500, 3_000]) await writeParts(env, partsOf(id, `old/${days}`, event(now - days * DAY)));
    await env.DB.prepare("DELETE FROM retention_sweeps").run();
    await sweep(env, systemClock);
    const left = async (id: string) =>
      (await listAuditEvents(env, id, { type: "turn.completed" }, undefined, 10)).map(({ object }) => object).sort();
    expect(await left(kept.id)).toEqual(["old/500"]);
    expect(await left(swept.id)).toEqual([]);
    expect(await left(held.id)).toEqual(["old/3000", "old/500"]);
  });

  it("that the platform's operator switches on governs every tenant", async () => {
    const tenant = await newTenant();
    await changeGovernance(env, OPERATOR_TENANT, { change: "overlay", name: "soc2", isOn: true });
    try {
      const { items } = await (await tenant.fetch("/v1/compliance/overlays")).json<{ items: { name: string; isOn: boolean }[] }>();
      expect(items.find(({ name }) => name === "soc2")?.isOn).toBe(true);
    } finally {
      await changeGovernance(env, OPERATOR_TENANT, { change: "overlay", name: "soc2", isOn: false });
    }
  });
});
