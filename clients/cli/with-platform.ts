import { type SomaClient, somaClient } from "../sdk/client.ts";
import { DEFAULT_STATE, findConnection } from "./connection.ts";
import type { Output } from "./output.ts";
import { startPlatform } from "./platform/platform.ts";
import { parsePort } from "./platform/port.ts";

/** Where a command that may start a platform says that it should. */
export const PLATFORM_OPTIONS = {
  port: { type: "string", value: "N", about: "port of the platform that is started here when there is none; 0 takes any" },
  state: { type: "string", value: "DIR", about: "folder of that platform's state", default: DEFAULT_STATE },
} as const;

/**
 * Works with the platform that there is; without one, starts one on this machine and stops it after the work, also when that fails or
 * is interrupted.
 */
export async function withPlatform<T>(
  options: { port?: string | undefined; state: string; output: Output },
  work: (client: SomaClient, isLocal: boolean) => Promise<T>,
): Promise<T> {
  const port = parsePort(options.port);
  const known = await findConnection(options.state);
  if (known !== undefined) return work(somaClient(known), false);
  options.output.say("Starting the platform on this machine …");
  const platform = await startPlatform({ port, state: options.state });
  try {
    return await work(somaClient(platform), true);
  } finally {
    await platform.stop();
  }
}
