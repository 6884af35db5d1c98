import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowedHosts, checkedAddress } from "../../../workers/platform/address.ts";
import { problemOf } from "../../../workers/platform/problem.ts";

const NONE = allowedHosts("");

function isRefused(url: string): boolean {
  try {
    checkedAddress(url, NONE);
    return false;
  } catch (error) {
    return problemOf(error)?.type === "address-not-allowed";
  }
}

type Octets = readonly [number, number, number, number];

/** Networks that no fetch may reach, as the first octets and the ranges of the rest. */
const PRIVATE: readonly (readonly [number, number, number, number][])[] = [
  [[0, 0, 0, 255]],
  [[10, 10, 0, 255]],
  [[100, 100, 64, 127]],
  [[127, 127, 0, 255]],
  [[169, 169, 254, 254]],
  [[172, 172, 16, 31]],
  [[192, 192, 168, 168]],
  [[198, 198, 18, 19]],
  [[224, 255, 0, 255]],
];
const octet = fc.integer({ min: 0, max: 255 });
const privateAddress: fc.Arbitrary<Octets> = fc
  .constantFrom(...PRIVATE.flat())
  .chain(([low, high, from, to]) => fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: from, max: to }), octet, octet));
const publicAddress: fc.Arbitrary<Octets> = fc
  .tuple(fc.constantFrom(1, 8, 9, 23, 52, 93, 104, 142, 185, 203), fc.integer({ min: 1, max: 99 }), octet, octet)
  .filter(([a, b, c]) => !(a === 203 && b === 0 && c === 113));

const value = ([a, b, c, d]: Octets) => ((a * 256 + b) * 256 + c) * 256 + d;
const hex = (n: number) => `0x${n.toString(16)}`;
const octal = (n: number) => `0${n.toString(8)}`;
const group = (a: number, b: number) => (a * 256 + b).toString(16);
const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));

/** Ways to write one IPv4 address that URLs accept. */
const IPV4_FORMS: readonly ((octets: Octets) => string)[] = [
  (o) => o.join("."),
  (o) => `${o.join(".")}.`,
  (o) => String(value(o)),
  (o) => hex(value(o)),
  (o) => octal(value(o)),
  (o) => o.map(hex).join("."),
  (o) => o.map(octal).join("."),
  (o) => o.map((n) => `0X${n.toString(16).toUpperCase()}`).join("."),
  ([a, b, c, d]) => `${a}.${hex(b)}.${octal(c)}.${d}`,
  ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  (o) => wide(o.join(".")),
  (o) => o.join("。"),
  (o) => o.map((n) => [...String(n)].map((digit) => `%3${digit}`).join("")).join("."),
];
/** Ways to hide an IPv4 address in an IPv6 one. */
const IPV6_FORMS: readonly ((octets: Octets) => string)[] = [
  (o) => `[::ffff:${o.join(".")}]`,
  ([a, b, c, d]) => `[::ffff:${group(a, b)}:${group(c, d)}]`,
  ([a, b, c, d]) => `[0:0:0:0:0:FFFF:${group(a, b)}:${group(c, d)}]`,
  (o) => `[::${o.join(".")}]`,
  (o) => `[::ffff:0:${o.join(".")}]`,
  (o) => `[64:ff9b::${o.join(".")}]`,
  (o) => `[64:ff9b:1::${o.join(".")}]`,
  ([a, b, c, d]) => `[2002:${group(a, b)}:${group(c, d)}::1]`,
];

describe("an address of a private network", () => {
  it("is refused in every form in which it can be written", () => {
    const form = fc.constantFrom(...IPV4_FORMS, ...IPV6_FORMS);
    fc.assert(
      fc.property(privateAddress, form, fc.constantFrom("http", "https", "HTTP"), (octets, write, scheme) =>
        isRefused(`${scheme}://${write(octets)}/path`),
      ),
      { numRuns: 3_000 },
    );
  });

  it("is refused in IPv6", () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 });
    const first = fc.oneof(
      fc.integer({ min: 0xfc00, max: 0xffff }), // unique local, link local, site local, multicast
      fc.integer({ min: 0, max: 0x1fff }),
      fc.integer({ min: 0x4000, max: 0xfbff }), // not given out
    );
    fc.assert(
      fc.property(first, groups, (head, rest) => isRefused(`http://[${[head, ...rest].map((n) => n.toString(16)).join(":")}]/`)),
      { numRuns: 1_000 },
    );
    for (const host of ["[::1]", "[::]", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25eth0]", "[ff02::1]", "[2001:db8::1]", "[2001::1]"])
      expect(isRefused(`http://${host}/`), host).toBe(true);
  });
});

describe("a public address", () => {
  it("is taken in every form of IPv4", () => {
    fc.assert(fc.property(publicAddress, fc.constantFrom(...IPV4_FORMS), (octets, write) => !isRefused(`https://${write(octets)}/`)));
  });

  it.each([
    "https://example.com/a?b=c",
    "http://example.com:8080/",
    "https://EXAMPLE.com./",
    "https://bücher.example.org/",
    "https://[2606:4700:4700::1111]/",
    "https://internal.example.com/",
    "https://mylocalhost.com/",
  ])("is taken: %s", (url) => {
    expect(isRefused(url)).toBe(false);
  });

  it("loses its fragment, which is not for the server", () => {
    expect(checkedAddress("https://example.com/a#secret", NONE).href).toBe("https://example.com/a");
  });
});

describe("what is refused whatever its address", () => {
  it.each([
    "http://localhost/",
    "http://LOCALHOST:80/",
    "http://localhost./",
    "http://loc\u00adalhost/",
    "http://a.b.localhost/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://metadata/",
    "http://printer.local/",
    "http://router.lan/",
    "http://nas.home.arpa/",
    "http://1.0.0.127.in-addr.arpa/",
    "http://127.0.0.1.nip.io/",
    "http://169-254-169-254.sslip.io./",
    "http://foo..internal/",
    "http://intranet/",
    "http://example.com:22/",
    "http://example.com:6379/",
    "https://user@example.com/",
    "https://user:password@example.com/",
    "https://:@127.0.0.1/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "gopher://example.com/",
    "//example.com/",
    "/etc/passwd",
    "http://",
    "http:///etc/passwd",
    "http://[::1",
    "",
    `https://example.com/${"a".repeat(2_100)}`,
  ])("%s", (url) => {
    expect(isRefused(url)).toBe(true);
  });

  it("never throws anything but a problem", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.string({ unit: "binary" }).map((text) => `http://${text}`),
        ),
        (url) => {
          try {
            checkedAddress(url, NONE);
          } catch (error) {
            expect(problemOf(error)?.type).toBe("address-not-allowed");
          }
        },
      ),
    );
  });
});

describe("a host that an operator allows", () => {
  const allowed = allowedHosts("127.0.0.1:4100, fixtures.internal:443");
  it("is reached at its port and at no other", () => {
    expect(checkedAddress("http://127.0.0.1:4100/", allowed).port).toBe("4100");
    expect(checkedAddress("https://fixtures.internal/", allowed).hostname).toBe("fixtures.internal");
    expect(() => checkedAddress("http://127.0.0.1:4101/", allowed)).toThrow();
    expect(() => checkedAddress("http://fixtures.internal/", allowed)).toThrow();
    expect(() => checkedAddress("http://a@127.0.0.1:4100/", allowed)).toThrow();
  });
});
