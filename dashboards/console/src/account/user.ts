import { useSyncExternalStore } from "react";
import { sendNoting } from "../api/connection.ts";
import { forgetSignIn, isEnding, renew, signOutAddress, takeOverAnswer, type UserTokens } from "./code-flow.ts";

/** The signed-in user as the page knows them: in memory alone, so that no other page and no script of a later visit finds a token. */
export interface User {
  /** Sends a request as this user, with a token that is renewed in time, once for all requests that wait. */
  readonly send: (request: Request) => Promise<Response>;
  /** Where the browser goes to sign the user out. */
  signOutAddress(): string;
}

let current: User | undefined;
let refusal: Error | undefined;
const listeners = new Set<() => void>();

/** Takes over a sign-in that this page comes back from. @returns where the user was, undefined when the page was opened otherwise */
export async function takeOverUser(): Promise<string | undefined> {
  const answer = await takeOverAnswer();
  if (answer === undefined) return undefined;
  if ("tokens" in answer) current = userOf(answer.tokens);
  else refusal = answer.refusal;
  tell();
  return answer.returnTo;
}

export function forgetUser(): void {
  current = undefined;
  forgetSignIn();
  tell();
}

/** The user who is signed in with this page, if any. */
export function useUser(): User | undefined {
  return useSyncExternalStore(listen, () => current);
}

/** Why the last sign-in failed, if it did. */
export function useRefusal(): Error | undefined {
  return useSyncExternalStore(listen, () => refusal);
}

function userOf(first: UserTokens): User {
  let tokens = first;
  let renewing: Promise<void> | undefined;
  const renewOnce = () => {
    renewing ??= renew(tokens)
      .then((next) => {
        tokens = next;
      })
      // What has ended is told by the answer to the request itself.
      .catch(() => undefined)
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };
  return {
    send: async (request) => {
      if (isEnding(tokens)) await renewOnce();
      request.headers.set("Authorization", `Bearer ${tokens.access}`);
      return sendNoting(request);
    },
    signOutAddress: () => signOutAddress(tokens),
  };
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
