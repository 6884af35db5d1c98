const ONE_YEAR_SECONDS = 31_536_000;
/** For everything that is no page of ours: nothing of an answer may run or be framed, and none of it is kept. */
const HEADERS: readonly (readonly [string, string])[] = [
  ["Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cache-Control", "no-store"],
  ["Vary", "Origin"],
];

/**
 * Sets the headers that keep a browser from doing more with an answer than reading it. A route that needs another policy sets its own.
 * @param url what was asked for: over TLS the browser is told to come that way again, here and to every host below
 */
export function setSecurityHeaders(headers: Headers, url: string): void {
  for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
  if (url.startsWith("https:")) headers.set("Strict-Transport-Security", `max-age=${ONE_YEAR_SECONDS}; includeSubDomains`);
}
