import { DatabaseSync } from "node:sqlite";
import type { Send } from "../sdk/patience.ts";
import { OAuthRefusal, renewed } from "./device-sign-in.ts";
import { UsageError } from "./exit-codes.ts";
import { isSignedIn, keepLogin, keptLogin, loginLock, type SignedIn } from "./login.ts";

/** A token that ends sooner than this is renewed before it is used: a request may take a while. */
const RENEWED_BEFORE_MS = 60_000;
/** How long one command waits for another that renews the same token. */
const LOCK_WAIT_MS = 20_000;

let renewing: Promise<SignedIn> | undefined;

/**
 * What sends requests with a token that is good: it is renewed before it ends, by one command at a time, since a refresh token is good once
 * and using it twice ends the sign-in.
 */
export function sendSignedIn(kept: SignedIn): Send {
  let login = kept;
  return async (request) => {
    if (isEnding(login)) login = await fresh();
    request.headers.set("Authorization", `Bearer ${login.accessToken}`);
    return fetch(request);
  };
}

/** True when the access token ends so soon that a request with it might come too late. */
export function isEnding({ expiresAt }: SignedIn): boolean {
  return expiresAt - Date.now() < RENEWED_BEFORE_MS;
}

/** The kept sign-in, renewed if it is time. @throws UsageError when it has ended */
export function fresh(): Promise<SignedIn> {
  renewing ??= renewAlone().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function renewAlone(): Promise<SignedIn> {
  // The operating system holds the lock, and lets go of it however this process ends.
  const lock = new DatabaseSync(loginLock());
  try {
    lock.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
    lock.exec("BEGIN EXCLUSIVE");
    const kept = keptLogin();
    if (kept === undefined || !isSignedIn(kept)) throw new UsageError("Nobody is logged in any more. Run soma login.");
    // Another command may have renewed it while this one waited.
    if (!isEnding(kept)) return kept;
    const login = await renewed(kept);
    keepLogin(login);
    return login;
  } catch (error) {
    if (error instanceof OAuthRefusal && error.code === "invalid_grant")
      throw new UsageError("The sign-in has ended or was revoked. Run soma login again.");
    throw error;
  } finally {
    lock.close();
  }
}
