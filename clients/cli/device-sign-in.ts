import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { UsageError } from "./exit-codes.ts";
import type { SignedIn } from "./login.ts";

/** The command line's own client on every platform. */
const CLIENT = "soma-cli";
/** A platform that answers at all answers its description at once. */
const METADATA_MS = 10_000;
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** RFC 8628 §3.5: what `slow_down` adds. */
const SLOW_DOWN_MS = 5_000;

const metadataSchema = z.object({
  device_authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  revocation_endpoint: z.url(),
  scopes_supported: z.array(z.string()),
});
type Endpoints = z.infer<typeof metadataSchema>;

const deviceSchema = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.url(),
  verification_uri_complete: z.url(),
  expires_in: z.number(),
  interval: z.number().default(5),
});
type Device = z.infer<typeof deviceSchema>;

const tokensSchema = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() });
const errorSchema = z.object({ error: z.string(), error_description: z.string().default("") });

/** Where a platform's authorization server takes what (RFC 8414). @throws UsageError when it is no such platform */
export async function endpointsOf(url: string): Promise<Endpoints> {
  const address = `${url}/.well-known/oauth-authorization-server`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(METADATA_MS) });
  const metadata = metadataSchema.safeParse(answer.ok ? await answer.json() : undefined);
  if (!metadata.success) throw new UsageError(`${url} does not say how to sign in there. Check the address, or use --key with an API key.`);
  return metadata.data;
}

/** Begins a sign-in that the user finishes in a browser, here or on another machine (RFC 8628 §3.1). */
export async function beginDevice({ device_authorization_endpoint, scopes_supported }: Endpoints, signal: AbortSignal): Promise<Device> {
  const scope = scopes_supported.join(" ");
  const answer = await sendForm(device_authorization_endpoint, { client_id: CLIENT, scope }, signal);
  return deviceSchema.parse(answer);
}

/**
 * Waits until the user has answered in the browser.
 * @throws UsageError when they refused or let the code end; the signal's reason when it aborts
 */
export async function waitForUser({ token_endpoint }: Endpoints, url: string, device: Device, signal: AbortSignal): Promise<SignedIn> {
  const endsAt = Date.now() + device.expires_in * 1_000;
  let pauseMs = device.interval * 1_000;
  while (Date.now() < endsAt) {
    await wait(pauseMs, undefined, { signal });
    try {
      const form = { grant_type: DEVICE_GRANT, device_code: device.device_code, client_id: CLIENT };
      return signedIn(url, await sendForm(token_endpoint, form, signal));
    } catch (error) {
      if (!(error instanceof OAuthRefusal)) throw error;
      if (error.code === "slow_down") pauseMs += SLOW_DOWN_MS;
      else if (error.code === "access_denied") throw new UsageError("The sign-in was refused in the browser.");
      else if (error.code !== "authorization_pending") throw error;
    }
  }
  throw new UsageError("Nobody signed in before the code ended. Run soma login again.");
}

/** Exchanges the refresh token for a new pair. @throws OAuthRefusal when the sign-in has ended or was revoked */
export async function renewed({ url, refreshToken }: SignedIn): Promise<SignedIn> {
  const { token_endpoint } = await endpointsOf(url);
  const form = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: CLIENT };
  return signedIn(url, await sendForm(token_endpoint, form, AbortSignal.timeout(METADATA_MS)));
}

/** Ends a sign-in on the platform, with every token made from it (RFC 7009). */
export async function revokeSignIn({ url, refreshToken }: SignedIn): Promise<void> {
  const { revocation_endpoint } = await endpointsOf(url);
  const form = { token: refreshToken, token_type_hint: "refresh_token", client_id: CLIENT };
  await sendForm(revocation_endpoint, form, AbortSignal.timeout(METADATA_MS));
}

/** The platform refused in the words of OAuth (RFC 6749 §5.2). */
export class OAuthRefusal extends Error {
  override readonly name = "OAuthRefusal";
  readonly code: string;

  constructor(code: string, description: string) {
    super(`The platform did not give a token: ${description === "" ? code : description}`);
    this.code = code;
  }
}

function signedIn(url: string, answer: unknown): SignedIn {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in } = tokensSchema.parse(answer);
  return { url, accessToken, refreshToken, expiresAt: Date.now() + expires_in * 1_000 };
}

async function sendForm(address: string, form: Record<string, string>, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(form), signal });
  const text = await answer.text();
  const body: unknown = text === "" ? {} : JSON.parse(text);
  if (answer.ok) return body;
  const refusal = errorSchema.safeParse(body);
  throw new OAuthRefusal(refusal.data?.error ?? `status ${answer.status}`, refusal.data?.error_description ?? "");
}
