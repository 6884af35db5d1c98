import type { Cell, ColumnType } from "./profile.ts";

/** A way to read the cells of a column. */
export interface CellReader {
  readonly id: string;
  readonly type: ColumnType;
  /** The stored value, or undefined when the cell cannot be read this way. */
  read(cell: string): Cell | undefined;
}
