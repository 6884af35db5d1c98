/** The first words are shown soon; from then on text is recorded twice a second, since each record is a row. */
const FIRST_PIECE_MS = 200;
const PIECE_EVERY_MS = 500;
/** A piece that grows larger than this does not wait: a row holds 2 MB. */
const MAX_PIECE_CHARACTERS = 64_000;

export interface SpokenText {
  add(text: string): void;
  /** Records what is left. @throws whatever `record` threw while nobody could be told */
  end(): void;
}

/**
 * Text on its way from a model into the record, coalesced by time and size. A timer passes it on, so that what was said before a
 * pause is seen during it.
 */
export function spokenText(record: (text: string) => void): SpokenText {
  let pending = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_PIECE_MS;
  let failure: { readonly error: unknown } | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    wait = PIECE_EVERY_MS;
    const text = pending;
    pending = "";
    if (text !== "") record(text);
  };
  const onTimer = () => {
    try {
      flush();
    } catch (error) {
      failure = { error };
    }
  };
  const rethrow = () => {
    if (failure !== undefined) throw failure.error;
  };

  return {
    add(text) {
      rethrow();
      pending += text;
      if (pending.length >= MAX_PIECE_CHARACTERS) flush();
      else timer ??= setTimeout(onTimer, wait);
    },
    end() {
      flush();
      rethrow();
    },
  };
}
