import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const secretsSchema = z.object({ masterKey: z.string(), operatorToken: z.string() });
const tenantSchema = z.object({ tenant: z.string(), apiKey: z.string() });

/** What a local platform keeps beside its data: its secrets, and the tenant it was made with. Files are readable by their owner alone. */
export class StateFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  /** The secrets of this platform, made at the first start. */
  secrets(): z.infer<typeof secretsSchema> {
    const file = join(this.path, "secrets.json");
    if (!existsSync(file))
      this.#write(file, { masterKey: randomBytes(32).toString("base64"), operatorToken: randomBytes(32).toString("base64url") });
    return secretsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  }

  /** The ready tenant and its key; undefined before it was made. */
  tenant(): z.infer<typeof tenantSchema> | undefined {
    const file = join(this.path, "tenant.json");
    return existsSync(file) ? tenantSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
  }

  saveTenant(tenant: z.infer<typeof tenantSchema>): void {
    this.#write(join(this.path, "tenant.json"), tenant);
  }

  /**
   * Takes the folder for this process: two platforms over one state would spoil it. The lock of a process that is gone is taken over.
   * @throws Error naming the process that holds it
   */
  lock(): void {
    const file = join(this.path, "lock");
    const holder = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
    if (holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new Error(`Another platform (process ${holder}) runs on ${this.path}. Stop it, or choose another folder with --state.`);
    }
    writeFileSync(file, String(process.pid), { mode: 0o600 });
  }

  unlock(): void {
    rmSync(join(this.path, "lock"), { force: true });
  }

  #write(file: string, value: unknown): void {
    writeFileSync(file, JSON.stringify(value, null, 2), { mode: 0o600 });
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
