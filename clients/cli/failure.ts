import { SomaProblem } from "../sdk/problem.ts";
import { EXIT, type ExitCode, UsageError } from "./exit-codes.ts";
import { shown } from "./output.ts";

/** What to do next, where the problem's own words cannot know that a command line is at the other end. */
const NEXT: Readonly<Record<string, string>> = {
  "urn:soma:problem:invalid-credential": "Log in again with soma login, or check SOMA_API_KEY.",
  "urn:soma:problem:missing-credential": "Log in with soma login, or set SOMA_API_KEY.",
  "urn:soma:problem:forbidden": "Ask whoever administers the tenant for a key of another role.",
  "urn:soma:problem:budget-exhausted": "See soma budget show; an administrator raises it with soma budget set.",
};

/** Tells on standard error what went wrong: in words, or with `isJson` as one line of JSON. @returns the exit code it ends with */
export function tellFailure(error: unknown, isJson: boolean): ExitCode {
  const told = error instanceof SomaProblem ? ofProblem(error) : ofError(error);
  process.stderr.write(`${isJson ? JSON.stringify({ error: told.document }) : told.words}\n`);
  return told.exitCode;
}

interface Told {
  readonly document: Readonly<Record<string, unknown>>;
  readonly words: string;
  readonly exitCode: ExitCode;
}

function ofProblem(problem: SomaProblem): Told {
  const { type, title, status, message: detail, requestId, errors } = problem;
  const next = NEXT[type];
  const lines = [
    `${title}: ${detail}`,
    ...errors.map((error) => `  ${placeOf(error)}: ${error.message}`),
    ...(next === undefined ? [] : [next]),
    ...(requestId === undefined ? [] : [`Request ${requestId}`]),
  ];
  return {
    document: {
      type,
      title,
      status,
      detail,
      requestId,
      ...(errors.length === 0 ? {} : { errors }),
      ...(next === undefined ? {} : { next }),
    },
    words: shown(lines.join("\n")),
    exitCode: status === 401 ? EXIT.usage : EXIT.failed,
  };
}

/** Where it is, as editors and terminals make links of it. */
function placeOf({ pointer, file, line, column }: SomaProblem["errors"][number]): string {
  return file === undefined ? pointer || "/" : [file, line, column].filter((part) => part !== undefined).join(":");
}

function ofError(error: unknown): Told {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    document: { title: error instanceof UsageError ? "Wrong use" : "Failed", detail },
    words: shown(detail),
    exitCode: error instanceof UsageError ? EXIT.usage : EXIT.failed,
  };
}
