/** Subjects counted one by one in a window; those beyond share one count, so that a tenant of very many keys cannot fill the memory. */
const MAX_SUBJECTS = 10_000;
const OTHERS = "";
/** No grant takes more than this share of what is left, so that many isolates each get some of the last of it. */
const LARGEST_SHARE = 8;

/** What an isolate asks for: some requests of one subject in one window. */
export interface RequestsWanted {
  /** Number of the window since the epoch. */
  readonly window: number;
  readonly subject: string;
  readonly want: number;
  readonly tenantLimit: number;
  readonly subjectLimit: number;
}

export interface RequestsGranted {
  readonly granted: number;
  readonly tenantRemaining: number;
  readonly subjectRemaining: number;
}

/** The requests of a tenant in the running window, kept in memory alone: a restart within a minute forgives some, and writes none. */
export class RequestCount {
  #window = 0;
  #granted = 0;
  #bySubject = new Map<string, number>();

  /** Grants as much of what is wanted as neither the tenant's nor the subject's limit forbids. A window that is over gets nothing. */
  grant({ window, subject, want, tenantLimit, subjectLimit }: RequestsWanted): RequestsGranted {
    if (window > this.#window) {
      this.#window = window;
      this.#granted = 0;
      this.#bySubject = new Map();
    }
    const counted = this.#bySubject.has(subject) || this.#bySubject.size < MAX_SUBJECTS ? subject : OTHERS;
    const ofSubject = this.#bySubject.get(counted) ?? 0;
    const left = window < this.#window ? 0 : Math.max(0, Math.min(tenantLimit - this.#granted, subjectLimit - ofSubject));
    const granted = Math.min(want, Math.ceil(left / LARGEST_SHARE));
    this.#granted += granted;
    this.#bySubject.set(counted, ofSubject + granted);
    return {
      granted,
      tenantRemaining: Math.max(0, tenantLimit - this.#granted),
      subjectRemaining: Math.max(0, subjectLimit - ofSubject - granted),
    };
  }
}
