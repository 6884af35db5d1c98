import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { changeGovernance, governanceOf } from "../policy/governance-of.ts";
import { coverageMarkdown, coverageReport } from "./coverage-report.ts";
import { CONTROL_KINDS } from "./overlay.ts";
import { OVERLAY_NAMES, overlayNamed } from "./overlays.ts";

export const complianceRoutes = newRouter();

const BASE = "/v1/compliance/overlays";
const params = z.object({ name: z.string().max(64).openapi({ example: "hipaa" }) });

const controlSchema = z.object({ id: z.string(), clause: z.string(), does: z.enum(CONTROL_KINDS), says: z.string() });
const summarySchema = z
  .object({
    name: z.string().openapi({ example: "hipaa" }),
    title: z.string(),
    source: z.string(),
    isOn: z.boolean(),
    controls: z.array(controlSchema),
  })
  .openapi("Overlay");

const coverageSchema = z
  .object({
    overlay: z.string(),
    title: z.string(),
    source: z.string(),
    isOn: z.boolean(),
    counts: z.object({ met: z.number().int(), shared: z.number().int(), notSoftware: z.number().int() }),
    clauses: z.array(
      z.object({
        clause: z.string().openapi({ example: "45 CFR 164.312(d)" }),
        title: z.string(),
        status: z.enum(["met", "shared", "not-software"]),
        controls: z.array(z.string()),
        evidence: z.array(z.string()),
        why: z.string(),
      }),
    ),
    controls: z.array(controlSchema),
  })
  .openapi("OverlayCoverage");

const list = defineRoute(
  { capability: "compliance.read" },
  {
    method: "get",
    path: BASE,
    operationId: "listOverlays",
    tags: ["Compliance"],
    summary: "List the overlays, and which are on",
    description: "There are five, and they come with the platform; the list has no pages.",
    responses: {
      200: { description: "The overlays.", content: { "application/json": { schema: z.object({ items: z.array(summarySchema) }) } } },
    },
  },
);

complianceRoutes.openapi(list, async (context) => {
  const { overlays } = await governanceOf(context.env, systemClock, context.get("principal").tenant);
  return context.json({ items: OVERLAY_NAMES.map((name) => summaryOf(name, overlays.includes(name))) }, 200);
});

const put = defineRoute(
  { capability: "compliance.write" },
  {
    method: "put",
    path: `${BASE}/{name}`,
    operationId: "setOverlay",
    tags: ["Compliance"],
    summary: "Switch an overlay on or off",
    description:
      "What it forbids and demands holds within a second everywhere. Off it goes by the same capability, and both are in the audit log.",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": { schema: z.strictObject({ isOn: z.boolean().openapi({ example: true }) }).openapi("OverlaySwitch") },
        },
      },
    },
    responses: { 200: { description: "The overlay.", content: { "application/json": { schema: summarySchema } } } },
  },
);

complianceRoutes.openapi(put, async (context) => {
  const principal = context.get("principal");
  const { name } = overlayNamed(context.req.valid("param").name);
  const { isOn } = context.req.valid("json");
  const governance = await changeGovernance(context.env, principal.tenant, { change: "overlay", name, isOn });
  const action = isOn ? "overlay.switched-on" : "overlay.switched-off";
  await recordChange(context.env, systemClock, principal, { action, resource: name, decision: context.get("decision") });
  return context.json(summaryOf(name, governance.overlays.includes(name)), 200);
});

const coverage = defineRoute(
  { capability: "compliance.read" },
  {
    method: "get",
    path: `${BASE}/{name}/coverage`,
    operationId: "readOverlayCoverage",
    tags: ["Compliance"],
    summary: "Report which clauses are met by software here, which are shared, and which software alone cannot meet",
    request: { params, query: z.object({ form: z.enum(["json", "markdown"]).default("json") }) },
    responses: {
      200: {
        description: "The report.",
        content: { "application/json": { schema: coverageSchema }, "text/markdown": { schema: z.string() } },
      },
    },
  },
);

complianceRoutes.openapi(coverage, async (context) => {
  const overlay = overlayNamed(context.req.valid("param").name);
  const { overlays } = await governanceOf(context.env, systemClock, context.get("principal").tenant);
  const report = coverageReport(overlay, overlays.includes(overlay.name));
  if (context.req.valid("query").form === "markdown")
    return context.body(coverageMarkdown(report), 200, { "Content-Type": "text/markdown; charset=utf-8" });
  return context.json(report, 200);
});

function summaryOf(name: string, isOn: boolean): z.infer<typeof summarySchema> {
  const { title, source, controls } = overlayNamed(name);
  return { name, title, source, isOn, controls: controls.map(({ id, clause, does, says }) => ({ id, clause, does, says })) };
}
