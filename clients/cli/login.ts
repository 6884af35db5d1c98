import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "./exit-codes.ts";

const urlSchema = z.url({ protocol: /^https?$/ });
const loginSchema = z.object({ url: urlSchema, apiKey: z.string().min(1) });
/** A platform, and an API key of it. */
export type Login = z.infer<typeof loginSchema>;

const signedInSchema = z.object({
  url: urlSchema,
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  /** When the access token ends: milliseconds since the epoch. */
  expiresAt: z.number(),
});
/** A platform, and the tokens of a user who signed in to it. */
export type SignedIn = z.infer<typeof signedInSchema>;

/** True for a user's tokens, false for an API key. */
export function isSignedIn(login: Login | SignedIn): login is SignedIn {
  return "refreshToken" in login;
}

/** Where `soma login` keeps its login (XDG Base Directory Specification). */
function loginFile(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "somaagent", "login.json");
}

/**
 * The login of SOMA_URL and SOMA_API_KEY.
 * @returns undefined when neither is set
 * @throws UsageError when only one is, or the address is none
 */
export function environmentLogin(): Login | undefined {
  const { SOMA_URL: url, SOMA_API_KEY: apiKey } = process.env;
  if (!url && !apiKey) return undefined;
  if (!url || !apiKey) throw new UsageError(`${url ? "SOMA_API_KEY" : "SOMA_URL"} is not set, but the other is: set both, or neither.`);
  return checkedLogin({ url, apiKey }, "SOMA_URL");
}

/** The login that `soma login` kept; undefined when there is none. @throws UsageError when the file is not what it wrote */
export function keptLogin(): Login | SignedIn | undefined {
  const file = loginFile();
  if (!existsSync(file)) return undefined;
  try {
    return z.union([signedInSchema, loginSchema]).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new UsageError(`${file} holds no login. Run soma login to write it anew, or soma logout to remove it.`);
  }
}

/** @throws UsageError when the address is none */
export function checkedLogin(login: Login, source: string): Login {
  const checked = loginSchema.safeParse(login);
  if (checked.success) return checked.data;
  throw new UsageError(`${source} ${JSON.stringify(login.url)} is no address of a platform; it looks like https://soma.example.com.`);
}

/** Keeps a login, readable by its owner alone. @returns the file */
export function keepLogin(login: Login | SignedIn): string {
  const file = loginFile();
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(login)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
  return file;
}

/** The file that a command holds while it renews the tokens. */
export function loginLock(): string {
  return `${loginFile()}.lock`;
}

/** Forgets the kept login. @returns false when there was none */
export function forgetLogin(): boolean {
  const file = loginFile();
  if (!existsSync(file)) return false;
  rmSync(file);
  return true;
}
