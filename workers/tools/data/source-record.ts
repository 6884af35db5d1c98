/** One record of a source: named cells as text, or the reason why its line could not be taken. `line` counts from 1. */
export type SourceRecord =
  | {
      readonly line: number;
      readonly cells: ReadonlyMap<string, string>;
      /** In a JSON document that holds several lists: the member that this record's list is. */
      readonly list?: string;
    }
  | { readonly line: number; readonly fault: string };

/** A record longer than this is no data. */
export const MAX_RECORD_CHARACTERS = 4_194_304;
export const MAX_COLUMNS = 2_000;
