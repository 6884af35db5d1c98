import { createContext, useContext } from "react";
import { type SomaClient, somaClient } from "../../../../clients/sdk/client.ts";
import type { User } from "../account/user.ts";
import { sendNoting } from "./connection.ts";

/** The platform that served this page, as the holder of the key. */
export function clientFor(key: string): SomaClient {
  return somaClient({ url: window.location.origin, apiKey: key, send: sendNoting });
}

/** The platform that served this page, as a user whose token is put on each request when it is sent. */
export function clientAs(user: User): SomaClient {
  return somaClient({ url: window.location.origin, apiKey: "", send: user.send });
}

export const ClientContext = createContext<SomaClient | undefined>(undefined);

/** The signed-in client. @throws Error outside of the signed-in part of the page, which is a fault of ours */
export function useClient(): SomaClient {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error("useClient is for what is shown after signing in.");
  return client;
}
