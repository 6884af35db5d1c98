import { z } from "zod";

const documentSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});

/** A problem document (RFC 9457) that the platform answered with. */
export class SomaProblem extends Error {
  override readonly name = "SomaProblem";
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly errors: readonly { pointer: string; message: string }[];

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
  const text = await response.text();
  const parsed = documentSchema.safeParse(parseJson(text));
  if (parsed.success) return new SomaProblem(parsed.data);
  return new SomaProblem({
    type: "about:blank",
    title: "Unexpected answer",
    status: response.status,
    detail: `The server answered ${response.status}: ${text.slice(0, 200)}`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
