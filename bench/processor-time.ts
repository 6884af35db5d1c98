import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Fields of /proc/PID/stat, counted from the one after the command. */
const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const MS_A_TICK = 10;

/** The processor's time of the workerd that this process started, from Linux's process table (proc(5)); undefined elsewhere. */
export function runtimeProcessorMs(): number | undefined {
  if (!existsSync("/proc/self/stat")) return undefined;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = statOf(pid);
    const [, command = "", rest = ""] = /^\d+ \((.*)\) (.*)$/.exec(stat) ?? [];
    const fields = rest.split(" ");
    if (command === "workerd" && fields[PARENT] === String(process.pid))
      return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * MS_A_TICK;
  }
  return undefined;
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").trimEnd();
  } catch {
    return ""; // It has ended meanwhile.
  }
}
