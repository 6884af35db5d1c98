import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** How often the launcher is looked after. */
const LOOK_EVERY_MS = 500;

/**
 * Tells when the npm that started this process is gone. npm passes a signal to the shell between it and us, which ends without passing it
 * on; killed, it passes nothing at all. Either way nobody would be left who could stop us.
 * @param onGone called once; never when this process was not started by npm, or where there is no `ps`
 */
export function watchLauncher(onGone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const launchers = launchersOf(process.ppid);
  if (launchers.length === 0) return;
  const timer = setInterval(() => {
    if (launchers.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** npm itself, and the shell when there is one between. */
function launchersOf(parent: number): number[] {
  const direct = lookUp(parent);
  if (direct === undefined) return [];
  if (isNpm(direct.command)) return [parent];
  const above = lookUp(direct.parent);
  return above !== undefined && isNpm(above.command) ? [parent, direct.parent] : [];
}

function isNpm(command: string): boolean {
  return /\bnpm\b/.test(command.split(" ").slice(0, 3).join(" "));
}

function lookUp(pid: number): { parent: number; command: string } | undefined {
  try {
    const line = execFileSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { stdio: ["ignore", "pipe", "ignore"] }).toString();
    const [, parent = "", command = ""] = /^\s*(\d+)\s+(.*)$/m.exec(line) ?? [];
    return parent === "" ? undefined : { parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // One that has ended, and whose own parent has not asked after it yet, still has its number (proc(5), state Z).
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}
