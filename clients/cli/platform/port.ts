import { createServer } from "node:net";
import { UsageError } from "../exit-codes.ts";

const DEFAULT_PORT = 8787;
/** Ports tried from the default on, when none was asked for. */
const PORTS_TRIED = 50;

/** A port as someone typed it; undefined when nothing was typed. @throws UsageError */
export function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError(`--port ${text} is no port; give a number from 0 to 65535.`);
  return port;
}

/**
 * The port to listen on: the wanted one, a free one for 0, or the first free one from the default on when none is wanted. It is a
 * number in any case, so that a runtime that has crashed comes back under the address that was told.
 * @throws UsageError saying what to do when it cannot be had
 */
export async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted === 0) return freePort();
  if (wanted !== undefined) {
    const obstacle = await obstacleOn(wanted);
    if (obstacle === undefined) return wanted;
    throw new UsageError(
      obstacle === "EACCES"
        ? `Port ${wanted} needs rights that this process does not have. Choose one from 1024 on with --port (0 takes any).`
        : `Port ${wanted} is in use. Stop what uses it, or choose another with --port (0 takes any).`,
    );
  }
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + PORTS_TRIED; port += 1) if ((await obstacleOn(port)) === undefined) return port;
  throw new UsageError(`No port from ${DEFAULT_PORT} to ${DEFAULT_PORT + PORTS_TRIED - 1} is free; choose one with --port.`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address instanceof Object ? resolve(address.port) : reject(new Error("The system names no free port."))));
    });
  });
}

/** Why nobody can listen on a port here: the system's code, or undefined when one can. */
export function obstacleOn(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
}
