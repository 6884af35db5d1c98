import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { somaClient } from "../sdk/client.ts";

const loginSchema = z.object({ url: z.url(), apiKey: z.string().min(1) });
export type Login = z.infer<typeof loginSchema>;

const FOLDER = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "somaagent");

/** The platform to talk to: from SOMA_URL and SOMA_API_KEY, or as `soma login` left it; undefined when neither is there. */
export function currentLogin(): Login | undefined {
  const { SOMA_URL, SOMA_API_KEY } = process.env;
  if (SOMA_URL !== undefined && SOMA_API_KEY !== undefined) return loginSchema.parse({ url: SOMA_URL, apiKey: SOMA_API_KEY });
  const file = join(FOLDER, "login.json");
  return existsSync(file) ? loginSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** Keeps a login, readable by its owner alone. */
export function saveLogin(login: Login): void {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(join(FOLDER, "login.json"), JSON.stringify(loginSchema.parse(login)), { mode: 0o600 });
}

/** A client for the current login. @throws Error saying how to log in */
export function loggedIn() {
  const login = currentLogin();
  if (login === undefined) throw new Error("Nobody is logged in. Run `soma login --url URL --key KEY`, or set SOMA_URL and SOMA_API_KEY.");
  return somaClient(login);
}
