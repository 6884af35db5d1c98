import { text } from "node:stream/consumers";
import { must, somaClient } from "../../sdk/client.ts";
import { defineCommand } from "../command.ts";
import { findConnection } from "../connection.ts";
import { beginDevice, endpointsOf, revokeSignIn, waitForUser } from "../device-sign-in.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { checkedLogin, forgetLogin, isSignedIn, keepLogin, keptLogin, type SignedIn } from "../login.ts";
import type { Output } from "../output.ts";
import { shown, shownShort } from "../output.ts";
import { ask } from "../prompt.ts";

export const login = defineCommand({
  name: "login",
  summary: "Sign in to a platform with your browser, or remember an API key for it.",
  options: {
    url: { type: "string", value: "URL", about: "the platform's address; asked for when it is not given" },
    key: { type: "string", value: "KEY", about: "an API key in place of signing in, or - to read it from standard input" },
  },
  examples: ["soma login --url https://soma.example.com", "soma login --url http://127.0.0.1:8787 --key - < key.txt"],
  notes:
    "The tokens, or the key once it was tried, are kept in ~/.config/somaagent/login.json (or XDG_CONFIG_HOME), which only you may read. Tokens are renewed by themselves, and end when they lie unused for two weeks.",
  run: async ({ options, output, signal }) => {
    const given = options.url ?? (await askedUrl(output, signal));
    const url = given.trim().replace(/\/+$/, "");
    const kept =
      options.key === undefined ? await signedIn(url, signal) : checkedLogin({ url, apiKey: (await keyOf(options.key)).trim() }, "--url");
    const client = somaClient({ url, apiKey: "accessToken" in kept ? kept.accessToken : kept.apiKey });
    const tenant = await must(client.api.GET("/v1/tenants/current", { signal }));
    const file = keepLogin(kept);
    output.result({ url, tenant, file }, `Logged in to ${shownShort(tenant.name, 100)} (${tenant.id}) at ${url}.`);
    return EXIT.ok;
  },
});

/** The user signs in with a browser, here or anywhere, by the code that is shown (RFC 8628). */
async function signedIn(url: string, signal: AbortSignal): Promise<SignedIn> {
  checkedLogin({ url, apiKey: "none" }, "--url");
  const endpoints = await endpointsOf(url);
  const device = await beginDevice(endpoints, signal);
  const words = `Open ${device.verification_uri_complete}\nand see that it shows the code ${device.user_code}. Waiting for you to allow it there …`;
  // Not part of the result, and needed with --json too.
  process.stderr.write(`${shown(words)}\n`);
  return waitForUser(endpoints, url, device, signal);
}

function keyOf(option: string): Promise<string> | string {
  return option === "-" ? text(process.stdin) : option;
}

async function askedUrl(output: Output, signal: AbortSignal): Promise<string> {
  if (!output.canAsk) throw new UsageError("--url is missing, and nobody can be asked for it here.");
  const answer = (await ask("Address of the platform: ", signal))?.trim() ?? "";
  if (answer === "") throw new UsageError("--url is missing.");
  return answer;
}

export const logout = defineCommand({
  name: "logout",
  summary: "Sign out and forget the login. An API key stays valid: soma keys revoke ends it.",
  options: {},
  examples: ["soma logout"],
  run: async ({ output }) => {
    const kept = keptLogin();
    // Forgotten here whatever the platform says: who cannot reach it must still be able to leave.
    const isRevoked =
      kept !== undefined &&
      isSignedIn(kept) &&
      (await revokeSignIn(kept).then(
        () => true,
        () => false,
      ));
    const isForgotten = forgetLogin();
    const words = isForgotten ? `Logged out${isRevoked ? ", and the tokens are revoked" : ""}.` : "Nobody was logged in.";
    output.result({ forgotten: isForgotten, revoked: isRevoked }, words);
    return EXIT.ok;
  },
});

export const whoami = defineCommand({
  name: "whoami",
  summary: "Tell which platform and tenant the commands talk to, and how that was found.",
  options: {},
  examples: ["soma whoami", "soma whoami --json"],
  run: async ({ output, signal }) => {
    const connection = await findConnection();
    if (connection === undefined) {
      output.result({ url: null }, "There is no platform to talk to: log in with soma login, or start one here with npm start.");
      return EXIT.usage;
    }
    const { url, source } = connection;
    const tenant = await must(somaClient(connection).api.GET("/v1/tenants/current", { signal }));
    output.result({ url, tenant, source }, `${shownShort(tenant.name, 100)} (${tenant.id}) at ${url}, by ${source}`);
    return EXIT.ok;
  },
});
