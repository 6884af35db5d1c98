/** Lets a loop sleep until something has happened. One that rang while nobody slept lets the next sleep end at once. */
export class Bell {
  #hasRung = false;
  #wake: (() => void) | undefined;

  get hasRung(): boolean {
    return this.#hasRung;
  }

  ring(): void {
    this.#hasRung = true;
    this.#wake?.();
  }

  /** Resolves when the bell has rung since the last sleep, or after `timeoutMs`. */
  async sleep(timeoutMs: number | undefined): Promise<void> {
    if (!this.#hasRung) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#hasRung = false;
  }
}
