import { type SomaClient, somaClient } from "../sdk/client.ts";
import type { Send } from "../sdk/patience.ts";
import { UsageError } from "./exit-codes.ts";
import { fresh, isEnding, sendSignedIn } from "./fresh-token.ts";
import { environmentLogin, isSignedIn, keptLogin, type Login } from "./login.ts";
import { StateFolder } from "./platform/state.ts";

/** Where a local platform keeps its state when nobody says otherwise. */
export const DEFAULT_STATE = ".soma";
/** A platform on this machine answers at once, or does not run. */
const LOCAL_ANSWER_MS = 2_000;

export interface Connection extends Login {
  /** What renews the token of a user who signed in; none for an API key, which does not end by itself. */
  readonly send?: Send;
  /** How it was found, for people: `SOMA_URL`, `soma login`, or the state folder of a platform that runs here. */
  readonly source: string;
}

/**
 * The platform to talk to: of SOMA_URL and SOMA_API_KEY, of `soma login`, or the one that runs over the state folder here, in this order.
 * @returns undefined when there is none
 */
export async function findConnection(state = DEFAULT_STATE): Promise<Connection | undefined> {
  const environment = environmentLogin();
  if (environment !== undefined) return { ...environment, source: "SOMA_URL" };
  const kept = keptLogin();
  if (kept !== undefined && isSignedIn(kept)) {
    const login = isEnding(kept) ? await fresh() : kept;
    return { url: login.url, apiKey: login.accessToken, send: sendSignedIn(login), source: "soma login" };
  }
  if (kept !== undefined) return { ...kept, source: "soma login" };
  return localConnection(state);
}

/** A client for the platform that there is. @throws UsageError saying how to get one */
export async function connected(): Promise<SomaClient> {
  const connection = await findConnection();
  if (connection !== undefined) return somaClient(connection);
  throw new UsageError(
    "There is no platform to talk to. Start one here with npm start, log in to one with soma login --url URL, or set SOMA_URL and SOMA_API_KEY.",
  );
}

async function localConnection(state: string): Promise<Connection | undefined> {
  const folder = new StateFolder(state);
  const running = folder.running();
  const tenant = folder.tenant();
  if (running === undefined || tenant === undefined) return undefined;
  const answers = await fetch(`${running.url}/v1/tenants/current`, {
    headers: { Authorization: `Bearer ${tenant.apiKey}` },
    signal: AbortSignal.timeout(LOCAL_ANSWER_MS),
  }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
  return answers ? { url: running.url, apiKey: tenant.apiKey, source: `the platform over ${state}` } : undefined;
}
