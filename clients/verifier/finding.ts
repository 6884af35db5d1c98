/** Something that does not hold: where, in the words of the export's files, and what. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

/** Findings that are told one by one; beyond these they are counted only. */
const MAX_TOLD = 100;

/** What a verification gathers. */
export class Findings {
  readonly told: Finding[] = [];
  count = 0;

  add(where: string, what: string): void {
    this.count += 1;
    if (this.told.length < MAX_TOLD) this.told.push({ where, what });
  }
}
