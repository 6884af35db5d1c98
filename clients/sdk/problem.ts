import { z } from "zod";

const detailSchema = z.object({
  pointer: z.string(),
  message: z.string(),
  /** The place in a file that was sent, where there is one; line and column count from 1. */
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
});
type ProblemDetail = z.infer<typeof detailSchema>;

const documentSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z.array(detailSchema).optional(),
});

/** A problem document (RFC 9457) that the platform answered with. `message` is its detail. */
export class SomaProblem extends Error {
  override readonly name = "SomaProblem";
  /** Stable name of the kind of problem: `urn:soma:problem:not-found`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly requestId: string | undefined;
  /** What is wrong where, when the problem is with the request's own parts. */
  readonly errors: readonly ProblemDetail[];

  constructor(document: z.infer<typeof documentSchema>) {
    super(document.detail);
    this.type = document.type;
    this.title = document.title;
    this.status = document.status;
    this.requestId = document.requestId;
    this.errors = document.errors ?? [];
  }
}

/** The problem in a response's body, or one that says what came instead. */
export async function problemOf(response: Response): Promise<SomaProblem> {
  return problemIn(parseJson(await response.text()), response.status);
}

/** The problem that a body is, parsed or as text, or one that says what came instead. */
export function problemIn(body: unknown, status: number): SomaProblem {
  const parsed = documentSchema.safeParse(body);
  if (parsed.success) return new SomaProblem(parsed.data);
  const told = typeof body === "string" ? body : JSON.stringify(body ?? "");
  return new SomaProblem({
    type: "about:blank",
    title: "Unexpected answer",
    status,
    detail: `The server answered ${status}: ${told.slice(0, 200)}`,
  });
}

/** What a text holds as JSON, or the text itself. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
