import { randomBytes } from "node:crypto";
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { UsageError } from "../exit-codes.ts";

const secretsSchema = z.object({ masterKey: z.string(), operatorToken: z.string() });
const tenantSchema = z.object({ tenant: z.string(), apiKey: z.string() });
const runningSchema = z.object({ process: z.number(), url: z.url() });

/**
 * What a local platform keeps beside its data: its secrets, the tenant it was made with, where it runs, and the lock that keeps a
 * second platform away. Files are readable by their owner alone.
 */
export class StateFolder {
  readonly path: string;
  #lock: DatabaseSync | undefined;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** The secrets of this platform, made at the first start. */
  secrets(): z.infer<typeof secretsSchema> {
    const known = this.#read("secrets.json", secretsSchema);
    if (known !== undefined) return known;
    const made = { masterKey: randomBytes(32).toString("base64"), operatorToken: randomBytes(32).toString("base64url") };
    this.#write("secrets.json", made);
    return made;
  }

  /** The ready tenant and its key; undefined before it was made. */
  tenant(): z.infer<typeof tenantSchema> | undefined {
    return this.#read("tenant.json", tenantSchema);
  }

  saveTenant(tenant: z.infer<typeof tenantSchema>): void {
    this.#write("tenant.json", tenant);
  }

  /** Where the platform over this folder last said that it runs; it may have been killed since. */
  running(): z.infer<typeof runningSchema> | undefined {
    return this.#read("running.json", runningSchema);
  }

  saveRunning(url: string): void {
    this.#write("running.json", { process: process.pid, url });
  }

  /**
   * Takes the folder for this process: two platforms over one state would spoil it. The operating system holds the lock and lets go of
   * it when the process ends in whatever way, so none is ever left behind.
   * @throws UsageError naming the process that holds it
   */
  lock(): void {
    const lock = this.#openLock();
    try {
      lock.exec("BEGIN EXCLUSIVE");
    } catch {
      lock.close();
      const holder = this.running();
      throw new UsageError(
        `Another platform ${holder === undefined ? "" : `(process ${holder.process}, ${holder.url}) `}runs on ${this.path}. Stop it, or choose another folder with --state.`,
      );
    }
    this.#lock = lock;
  }

  #openLock(): DatabaseSync {
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      accessSync(this.path, constants.W_OK | constants.X_OK);
      return new DatabaseSync(join(this.path, "lock.db"));
    } catch (error) {
      const why = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
      throw new UsageError(`A platform cannot keep its state in ${this.path}${why}. Choose another folder with --state.`);
    }
  }

  unlock(): void {
    if (this.#lock === undefined) return;
    rmSync(join(this.path, "running.json"), { force: true });
    this.#lock.close();
    this.#lock = undefined;
  }

  #read<T>(name: string, schema: z.ZodType<T>): T | undefined {
    const file = join(this.path, name);
    if (!existsSync(file)) return undefined;
    try {
      return schema.parse(JSON.parse(readFileSync(file, "utf8")));
    } catch {
      throw new UsageError(
        `${file} is not what a platform wrote there. Choose another folder with --state, or remove ${this.path} to begin anew.`,
      );
    }
  }

  /** Written beside and renamed: who is killed in the middle leaves the old file or the new one. */
  #write(name: string, value: unknown): void {
    const file = join(this.path, name);
    writeFileSync(`${file}.new`, JSON.stringify(value, null, 2), { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
  }
}
