import type { Layer } from "./layers.ts";

export const NODE_HEIGHT = 74;
export const HEADING_HEIGHT = 30;
const ROW_GAP = 10;
const COLUMN_GAP = 12;
const LAYER_GAP = 26;
const NARROWEST_NODE = 168;
const WIDEST_NODE = 300;
/** More lines than this are no picture any more: only those of the task that is looked at are drawn then. */
const MAX_LINES = 120;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

export interface Placement {
  readonly nodeWidth: number;
  readonly height: number;
  /** The height at which each layer begins, in the layers' order. */
  readonly tops: readonly number[];
  readonly spots: ReadonlyMap<string, Spot>;
  readonly lines: readonly Line[];
  readonly isCrowded: boolean;
}

/** Places the tasks of a graph in rows as wide as the room there is, wave under wave, and draws what each needs to it. */
export function placementOf(layers: readonly Layer[], width: number): Placement {
  const most = Math.max(1, ...layers.map((layer) => layer.tasks.length));
  const columns = Math.max(1, Math.min(most, Math.floor((width + COLUMN_GAP) / (NARROWEST_NODE + COLUMN_GAP))));
  const nodeWidth = Math.min(WIDEST_NODE, Math.floor((width - (columns - 1) * COLUMN_GAP) / columns));
  const spots = new Map<string, Spot>();
  const tops: number[] = [];
  let top = 0;
  for (const { tasks } of layers) {
    tops.push(top);
    const first = top + HEADING_HEIGHT;
    for (const [i, task] of tasks.entries())
      spots.set(task.step, {
        x: (i % columns) * (nodeWidth + COLUMN_GAP),
        y: first + Math.floor(i / columns) * (NODE_HEIGHT + ROW_GAP),
      });
    top = first + Math.ceil(tasks.length / columns) * (NODE_HEIGHT + ROW_GAP) - ROW_GAP + LAYER_GAP;
  }
  const lines = layers.flatMap(({ tasks }) =>
    tasks.flatMap((task) => task.needs.flatMap((need) => lineBetween(spots, need, task.step, nodeWidth))),
  );
  return { nodeWidth, height: Math.max(0, top - LAYER_GAP), tops, spots, lines, isCrowded: lines.length > MAX_LINES };
}

function lineBetween(spots: ReadonlyMap<string, Spot>, from: string, to: string, nodeWidth: number): Line[] {
  const start = spots.get(from);
  const end = spots.get(to);
  if (start === undefined || end === undefined) return [];
  const [x1, y1, x2, y2] = [start.x + nodeWidth / 2, start.y + NODE_HEIGHT, end.x + nodeWidth / 2, end.y];
  const bend = Math.max(16, (y2 - y1) / 2);
  return [{ from, to, path: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}` }];
}
