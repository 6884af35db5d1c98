/** Each issuer has an address of its own to send browsers back to, so that the answer of one is never taken for another's (RFC 9700 §4.4.2). */
export function redirectUri(origin: string, issuerId: string): string {
  return `${origin}/signin/federation/${issuerId}/callback`;
}
