/** What a command ends with. Scripts build on these; README.md has the same list. */
export const EXIT = {
  ok: 0,
  /** The platform could not do it, or a project failed. */
  failed: 1,
  /** The command line, a file it names or the login is wrong. */
  usage: 2,
  /** Questions, a gate or an approval wait for a person. */
  needsPerson: 3,
  /** Ctrl-C, or the system asked it to end; as shells have it for SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What the person who typed the command can set right: the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
