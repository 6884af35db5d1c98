import type { Section } from "./sections.ts";

export const HEADING_HEIGHT = 30;
const ROW_GAP = 10;
const COLUMN_GAP = 12;
const LAYER_GAP = 26;
/** More lines than this are no picture any more: only those of the step that is looked at are drawn then. */
const MAX_LINES = 120;
/** A folded step: a square of this side, with the space after it. */
export const DOT = 10;
export const DOT_PITCH = 14;

/** How large steps are drawn. */
export const SIZES = {
  small: { height: 40, narrowest: 112, widest: 180 },
  medium: { height: 74, narrowest: 168, widest: 300 },
  large: { height: 92, narrowest: 260, widest: 420 },
} as const;
export type Size = keyof typeof SIZES;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** Where a section stands; `dotsAt` when it is folded, else the top of each of its layers. */
interface PlacedSection {
  readonly top: number;
  readonly dotsAt: number | undefined;
  readonly layerTops: readonly number[];
}

export interface Placement {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly height: number;
  readonly sections: readonly PlacedSection[];
  readonly spots: ReadonlyMap<string, Spot>;
  readonly lines: readonly Line[];
  readonly isCrowded: boolean;
}

/** Places a graph in the room there is, wave under wave, draws what each step needs to it, and leaves folded sections the room of their dots. */
export function placementOf(sections: readonly Section[], isOpen: (section: Section) => boolean, width: number, size: Size): Placement {
  const { height: nodeHeight, narrowest, widest } = SIZES[size];
  const open = sections.filter(isOpen).flatMap((section) => section.layers);
  const most = Math.max(1, ...open.map((layer) => layer.steps.length));
  const columns = Math.max(1, Math.min(most, Math.floor((width + COLUMN_GAP) / (narrowest + COLUMN_GAP))));
  const nodeWidth = Math.max(1, Math.min(widest, Math.floor((width - (columns - 1) * COLUMN_GAP) / columns)));
  const spots = new Map<string, Spot>();
  const placed: PlacedSection[] = [];
  let top = 0;
  for (const section of sections) {
    if (!isOpen(section)) {
      placed.push({ top, dotsAt: top + HEADING_HEIGHT, layerTops: [] });
      top += HEADING_HEIGHT + Math.ceil(section.steps.length / dotsARow(width)) * DOT_PITCH + ROW_GAP;
      continue;
    }
    const sectionTop = top;
    const layerTops: number[] = [];
    for (const { steps } of section.layers) {
      layerTops.push(top);
      const first = top + HEADING_HEIGHT;
      for (const [i, { step }] of steps.entries())
        spots.set(step, { x: (i % columns) * (nodeWidth + COLUMN_GAP), y: first + Math.floor(i / columns) * (nodeHeight + ROW_GAP) });
      top = first + Math.ceil(steps.length / columns) * (nodeHeight + ROW_GAP) - ROW_GAP + LAYER_GAP;
    }
    placed.push({ top: sectionTop, dotsAt: undefined, layerTops });
  }
  const between = lineBetween(spots, nodeWidth, nodeHeight);
  const lines = open.flatMap(({ steps }) => steps.flatMap((step) => step.needs.flatMap((need) => between(need, step.step))));
  return { nodeWidth, nodeHeight, height: Math.max(0, top), sections: placed, spots, lines, isCrowded: lines.length > MAX_LINES };
}

/** Dots in a row of this width. */
export function dotsARow(width: number): number {
  return Math.max(1, Math.floor(width / DOT_PITCH));
}

function lineBetween(spots: ReadonlyMap<string, Spot>, nodeWidth: number, nodeHeight: number) {
  return (from: string, to: string): Line[] => {
    const start = spots.get(from);
    const end = spots.get(to);
    if (start === undefined || end === undefined) return [];
    const [x1, y1, x2, y2] = [start.x + nodeWidth / 2, start.y + nodeHeight, end.x + nodeWidth / 2, end.y];
    const bend = Math.max(16, (y2 - y1) / 2);
    return [{ from, to, path: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}` }];
  };
}
