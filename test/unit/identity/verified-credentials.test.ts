import { expect, it } from "vitest";
import { VerifiedCredentials } from "../../../workers/identity/verified-credentials.ts";
import { newId } from "../../../workers/platform/ids.ts";

const ISSUER = "https://soma.test";
const key = newId("apiKey", 0);
const principal = {
  tenant: newId("tenant", 0),
  subject: "someone",
  kind: "service",
  roles: [],
  capabilities: [],
  credential: key,
} as const;

function verifiedAt(now: number, until: number): VerifiedCredentials {
  const credentials = new VerifiedCredentials();
  const proof = { principal: { ...principal, roles: [], capabilities: [] }, key, revocableIds: [key], issuedAt: now, until };
  credentials.keep("Bearer x", { ...proof, issuer: ISSUER }, now);
  return credentials;
}

it("a credential in use is verified again by one request, while the others go on with what is known until it ends", () => {
  const credentials = verifiedAt(0, 15_000);
  const isKnownAt = (now: number) => credentials.find("Bearer x", ISSUER, now) !== undefined;
  expect(isKnownAt(9_999)).toBe(true);
  expect([isKnownAt(10_000), isKnownAt(10_001), isKnownAt(14_999)]).toEqual([false, true, true]);
  expect(isKnownAt(15_000)).toBe(false);
});

it("a credential counts for the origin it was verified for, and not once its key is forgotten", () => {
  const credentials = verifiedAt(0, 15_000);
  expect(credentials.find("Bearer x", "https://other.test", 1)).toBeUndefined();
  credentials.forget(key);
  expect(credentials.find("Bearer x", ISSUER, 1)).toBeUndefined();
});
