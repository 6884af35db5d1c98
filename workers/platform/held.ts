const PREFIX = "held by kill switch ";
const ID = /held by kill switch (\w+)/;

/**
 * Work that a kill switch stops: it has neither failed nor been tried. Whoever meets it lets go of the work without recording an outcome, and takes it up
 * again when the switch is released. Like the platform's own resets it passes everything that turns problems into failures.
 */
export class Held extends Error {
  override readonly name = "Held";
  readonly switchId: string;

  constructor(switchId: string) {
    super(`${PREFIX}${switchId}`);
    this.switchId = switchId;
  }
}

/** @throws Held when the guard's decision is that a kill switch stops it */
export function assertNotHeld({ stoppedBy }: { readonly stoppedBy?: string }): void {
  if (stoppedBy !== undefined) throw new Held(stoppedBy);
}

/** The switch that an error says work is held by, also after it crossed RPC; undefined when it says nothing of the kind. */
export function heldBy(error: unknown): string | undefined {
  return error instanceof Error ? ID.exec(error.message)?.[1] : undefined;
}
