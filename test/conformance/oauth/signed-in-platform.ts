import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { end, type StartedPlatform, startOver } from "../../local/processes.ts";

const USER = `usr_${"0".repeat(25)}1`;
const SESSION = `sid_${"0".repeat(25)}1`;
export const EMAIL = "ada@example.org";

/**
 * A platform in a process of its own, reached by its socket, with one user who is signed in with one browser. The user and the sign-in are
 * put into its database while it is stopped: what these tests are about begins after that.
 */
export class SignedInPlatform {
  readonly user = USER;
  readonly #folder: string;
  readonly #platform: StartedPlatform;
  readonly #cookies: Map<string, string>;

  private constructor(folder: string, platform: StartedPlatform, cookies: Map<string, string>) {
    this.#folder = folder;
    this.#platform = platform;
    this.#cookies = cookies;
  }

  static async start(settings: Record<string, string> = {}): Promise<SignedInPlatform> {
    const folder = mkdtempSync(join(tmpdir(), "soma-oauth-"));
    const state = join(folder, "state");
    const first = await startOver(state, settings);
    await end(first.host, "SIGTERM");
    const secret = randomBytes(32).toString("base64url");
    signIn(join(state, "data"), first.ready.tenant, secret);
    const platform = await startOver(state, settings);
    return new SignedInPlatform(folder, platform, new Map([["__Host-soma-session", `${SESSION}.${secret}`]]));
  }

  get url(): string {
    return this.#platform.ready.url;
  }

  /** The cookie by which the user's browser is signed in. */
  get session(): string {
    return this.#cookies.get("__Host-soma-session") ?? "";
  }

  get tenant(): string {
    return this.#platform.ready.tenant;
  }

  async stop(): Promise<void> {
    await end(this.#platform.host, "SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The cookies of the browser, to be put into another one. */
  cookies(): { name: string; value: string }[] {
    return [...this.#cookies].map(([name, value]) => ({ name, value }));
  }

  /** Registers a client. */
  async newClient(members: Record<string, unknown>): Promise<{ id: string; secret: string }> {
    const response = await fetch(`${this.url}/v1/oauth/clients`, {
      method: "POST",
      headers: { Authorization: `Bearer ${this.#platform.ready.apiKey}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Test", scopes: ["openid", "profile", "email", "offline_access", "runs.read"], ...members }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return z.object({ id: z.string(), secret: z.string().default("") }).parse(JSON.parse(text));
  }

  /** Asks with the browser's cookies, and follows nothing. */
  async browse(address: string | URL, form?: Record<string, string>): Promise<Response> {
    const headers = { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "), Origin: this.url };
    const sent = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
    const response = await fetch(new URL(address, this.url), { headers, redirect: "manual", ...sent });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = set.split(";")[0]?.split("=", 2) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }

  /** Opens an authorization request as its user would, agrees when asked, and returns where the browser is sent to. */
  async allow(address: string | URL): Promise<URL> {
    const shown = await this.browse(address);
    const location = shown.headers.get("location");
    if (location !== null) return new URL(location);
    const page = await shown.text();
    const answer = { form_token: fieldOf(page, "form_token"), ticket: fieldOf(page, "ticket"), answer: "allow" };
    const done = await (await this.browse("/oauth/consent", answer)).text();
    const to = /http-equiv="refresh" content="0;url=([^"]*)"/.exec(done)?.[1];
    if (to === undefined) throw new Error(`nobody was sent on: ${done}`);
    return new URL(to.replaceAll("&amp;", "&"));
  }

  /** Types a device's code as its user would, and agrees. */
  async allowDevice(userCode: string): Promise<void> {
    const form = await (await this.browse("/oauth/device")).text();
    const answer = { form_token: fieldOf(form, "form_token"), user_code: userCode, answer: "allow" };
    const done = await this.browse("/oauth/device", answer);
    if (!done.ok) throw new Error(await done.text());
    await done.body?.cancel();
  }
}

function fieldOf(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? "";
}

/** Makes the user, an administrator, and the sign-in of their browser in the database of a platform that does not run. */
function signIn(data: string, tenant: string, secret: string): void {
  const database = new DatabaseSync(databaseFile(data));
  const now = Date.now();
  const insert = (table: string, row: Record<string, string | number | null>) =>
    database
      .prepare(
        `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.keys(row)
          .map(() => "?")
          .join(", ")})`,
      )
      .run(...Object.values(row));
  const names = { email: EMAIL, email_key: EMAIL, user_name: EMAIL, user_name_key: EMAIL, display_name: "Ada Lovelace", origin: "local" };
  insert("users", { id: USER, tenant, ...names, active: 1, email_verified_at: now, created_at: now, updated_at: now, version: 1 });
  insert("role_assignments", { tenant, holder: USER, role: "admin", created_at: now });
  const hash = createHash("sha256").update(secret).digest("hex");
  const times = { auth_time: now, created_at: now, last_seen_at: now, idle_ms: 3_600_000, ends_at: now + 86_400_000 };
  insert("sign_in_sessions", { id: SESSION, tenant, user_id: USER, secret_hash: hash, amr: "pwd", browser: "a test", ...times });
  database.close();
}

/** The file of the platform's database among the others. */
function databaseFile(data: string): string {
  const files = readdirSync(data, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sqlite"));
  const found = files
    .map((name) => join(data, name))
    .find((file) => {
      const database = new DatabaseSync(file, { readOnly: true });
      const table = database.prepare("SELECT name FROM sqlite_master WHERE name = 'sign_in_sessions'").get();
      database.close();
      return table !== undefined;
    });
  if (found === undefined) throw new Error(`no database of a platform in ${data}`);
  return found;
}
