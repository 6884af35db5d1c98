import fedrampCoverage from "../../policies/overlays/fedramp/coverage.yaml";
import fedramp from "../../policies/overlays/fedramp/overlay.yaml";
import ferpaCoverage from "../../policies/overlays/ferpa/coverage.yaml";
import ferpa from "../../policies/overlays/ferpa/overlay.yaml";
import hipaaCoverage from "../../policies/overlays/hipaa/coverage.yaml";
import hipaa from "../../policies/overlays/hipaa/overlay.yaml";
import pciDssCoverage from "../../policies/overlays/pci-dss/coverage.yaml";
import pciDss from "../../policies/overlays/pci-dss/overlay.yaml";
import soc2Coverage from "../../policies/overlays/soc2/coverage.yaml";
import soc2 from "../../policies/overlays/soc2/overlay.yaml";
import type { ModerationRule } from "../moderation/rule.ts";
import { Problem } from "../platform/problem.ts";
import { type Overlay, type Retention, readOverlay } from "./overlay.ts";

/** The overlays that come with the platform. */
export const OVERLAY_NAMES = ["fedramp", "ferpa", "hipaa", "pci-dss", "soc2"] as const;
export type OverlayName = (typeof OVERLAY_NAMES)[number];

const TEXTS: Readonly<Record<OverlayName, readonly [string, string]>> = {
  fedramp: [fedramp, fedrampCoverage],
  ferpa: [ferpa, ferpaCoverage],
  hipaa: [hipaa, hipaaCoverage],
  "pci-dss": [pciDss, pciDssCoverage],
  soc2: [soc2, soc2Coverage],
};

const read = new Map<OverlayName, Overlay>();

/** One overlay; read when it is first asked for. */
export function overlayOf(name: OverlayName): Overlay {
  const known = read.get(name);
  if (known !== undefined) return known;
  const overlay = readOverlay(...TEXTS[name]);
  read.set(name, overlay);
  return overlay;
}

/** @throws Problem `not-found` when there is no overlay of this name */
export function overlayNamed(name: string): Overlay {
  const known = OVERLAY_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw new Problem("not-found", `There is no such overlay; there are ${OVERLAY_NAMES.join(", ")}.`);
  return overlayOf(known);
}

/** The policies of overlays that are on. @throws Problem `not-found` for a name that this build does not know: what it demands could not be held to */
export function overlayPolicies(names: readonly string[]): { readonly text: string }[] {
  return controlsOf(names).flatMap(({ cedar }) => (cedar === undefined ? [] : [{ text: cedar }]));
}

/** The moderation rules of overlays that are on. @throws as `overlayPolicies` */
export function overlayModeration(names: readonly string[]): { readonly overlay: string; readonly rule: ModerationRule }[] {
  return names.flatMap((name) =>
    overlayNamed(name).controls.flatMap(({ moderation }) => (moderation ?? []).map((rule) => ({ overlay: name, rule }))),
  );
}

/**
 * How many days records are kept: what the operator says, or the longest that an overlay demands.
 * @returns infinity when they are never removed
 */
export function keptDays(records: Retention["records"], operatorDays: number, names: readonly string[]): number {
  const demands = controlsOf(names).flatMap(({ retention }) => (retention?.records === records ? [retention.days] : []));
  return Math.max(operatorDays, ...demands.map((days) => (days === "always" ? Number.POSITIVE_INFINITY : days)));
}

function controlsOf(names: readonly string[]) {
  return names.flatMap((name) => overlayNamed(name).controls);
}
