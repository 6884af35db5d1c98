/** Longer redirect URIs carry data, not places. */
const MAX_REDIRECT_URI_CHARACTERS = 1_024;
const LOOPBACK = new Set(["127.0.0.1", "[::1]"]);
/** Schemes that a browser runs, shows or hands to itself: sending a code there is sending it to whoever wrote the address. */
const REFUSED_SCHEMES = new Set([
  "javascript:",
  "data:",
  "vbscript:",
  "blob:",
  "file:",
  "about:",
  "filesystem:",
  "view-source:",
  "ws:",
  "wss:",
  "ftp:",
]);

/**
 * Says why a redirect URI cannot be registered; undefined when it can. Taken are https, http on a loopback address (RFC 8252 §7.3), and
 * an app's own scheme in the reversed form of a domain it has (RFC 8252 §7.1), each without fragment, credentials or wildcard.
 */
export function whyNotRedirectUri(uri: string): string | undefined {
  if (uri.length > MAX_REDIRECT_URI_CHARACTERS) return `is longer than ${MAX_REDIRECT_URI_CHARACTERS} characters`;
  if (!/^[\x21-\x7e]+$/.test(uri)) return "holds characters that do not belong into an address";
  if (!URL.canParse(uri)) return "is no absolute address";
  const url = new URL(uri);
  if (uri.includes("#")) return "has a fragment";
  if (url.username !== "" || url.password !== "") return "holds a user name or password";
  if (/[\\*]/.test(uri)) return "holds a backslash or a wildcard";
  if (/\/\.\.?(?:\/|$|\?)|%2e/i.test(uri)) return "holds a path that climbs";
  if (REFUSED_SCHEMES.has(url.protocol)) return `has the scheme ${url.protocol}`;
  if (url.protocol === "https:") return undefined;
  if (url.protocol === "http:")
    return LOOPBACK.has(url.hostname) ? undefined : "is http on a host that is not this machine's 127.0.0.1 or [::1]";
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol) ? undefined : "has a scheme without a domain of its owner";
}

/**
 * The one comparison of redirect URIs (RFC 9700 §2.1): the same characters. Only the port of a loopback address may be another
 * (RFC 8252 §7.3), because the system gives a program on a laptop whichever is free.
 */
export function isRegisteredRedirect(presented: string, registered: readonly string[]): boolean {
  return registered.includes(presented) || registered.some((uri) => differsByLoopbackPort(presented, uri));
}

const LOOPBACK_URI = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::([0-9]{1,5}))?(\/[^#]*)?$/;

function differsByLoopbackPort(presented: string, registered: string): boolean {
  if (whyNotRedirectUri(presented) !== undefined) return false;
  const [, host, port = "80", rest = ""] = LOOPBACK_URI.exec(presented) ?? [];
  const [, registeredHost, , registeredRest = ""] = LOOPBACK_URI.exec(registered) ?? [];
  return host !== undefined && host === registeredHost && rest === registeredRest && Number(port) > 0 && Number(port) < 65_536;
}
