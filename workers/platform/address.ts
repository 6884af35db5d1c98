import ipaddr from "ipaddr.js";
import { Problem } from "./problem.ts";

/** Longer addresses carry data, not places. */
const MAX_URL_CHARACTERS = 2_048;
/** Where the web is served; other ports are other services, which a fetch must not speak to. */
const WEB_PORTS = new Set(["80", "443", "8080", "8443"]);
/** Names that mean this machine or the network it is in, by standard (RFC 6761, 6762, 7686, 8375, 9476) or by custom; a bare name without a dot is one too. */
const LOCAL_SUFFIXES = [
  "localhost",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "localdomain",
  "arpa",
  "test",
  "invalid",
  "onion",
  "alt",
];
/** Public names whose owners let everyone name any address by them: `10.0.0.1.nip.io` is 10.0.0.1. */
const ADDRESS_NAMING_DOMAINS = ["nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "yoogle.com"];
/** IPv6 that is given out to the public internet at all (IANA: 2000::/3). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Reads an address that someone else chose and that this platform is about to fetch.
 * @param allowed hosts an operator lets it reach although they are local, as `host:port` or `host:*`
 * @returns the address as the platform will use it, without its fragment
 * @throws Problem `address-not-allowed` unless it is http or https, without credentials, to a port of the web, on a host that is public by its
 * own form. What a public name resolves to is not known here: see docs/decisions/0702-outbound.md.
 */
export function checkedAddress(text: string, allowed: ReadonlySet<string>): URL {
  const refuse = (why: string) => new Problem("address-not-allowed", `This address may not be fetched: ${why}.`);
  if (text.length > MAX_URL_CHARACTERS) throw refuse(`it is longer than ${MAX_URL_CHARACTERS} characters`);
  if (!URL.canParse(text)) throw refuse("it is not a full http or https address");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refuse("only http and https are fetched");
  if (url.username !== "" || url.password !== "") throw refuse("it holds a user name or password");
  url.hash = "";
  if (isAllowedHost(url, allowed)) return url;
  if (!WEB_PORTS.has(portOf(url))) throw refuse(`port ${portOf(url)} is not one of ${[...WEB_PORTS].join(", ")}`);
  const why = whyNotPublic(url.hostname);
  if (why !== undefined) throw refuse(why);
  return url;
}

/** True when an operator lets this host be reached although it is local: at this port, or (`host:*`) at any. */
export function isAllowedHost(url: URL, allowed: ReadonlySet<string>): boolean {
  return allowed.has(`${url.hostname}:${portOf(url)}`) || allowed.has(`${url.hostname}:*`);
}

function portOf(url: URL): string {
  if (url.port !== "") return url.port;
  return url.protocol === "https:" ? "443" : "80";
}

/** The hosts of a setting: `host:port` (`host:*` for all ports of one), separated by commas. */
export function allowedHosts(setting: string): ReadonlySet<string> {
  return new Set(
    setting
      .split(",")
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ""),
  );
}

/** Why a host, as the URL standard has normalised it (`2130706433` and `0x7f.1` are `127.0.0.1` by then), is not on the public internet. */
function whyNotPublic(hostname: string): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host)) return isPublic(host) ? undefined : "it is an address of this machine, of a private network or of no host";
  const name = host.replace(/\.+$/, "").toLowerCase();
  if (!name.includes(".")) return "a name without a domain means a host of the local network";
  if (name.split(".").includes("")) return "its name is not well formed";
  if (endsWithOneOf(name, LOCAL_SUFFIXES)) return "its name means a host of the local network";
  if (endsWithOneOf(name, ADDRESS_NAMING_DOMAINS)) return "its name stands for any address";
  return undefined;
}

function isPublic(host: string): boolean {
  const address = ipaddr.process(host);
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || address.match(GLOBAL_IPV6);
}

function endsWithOneOf(name: string, domains: readonly string[]): boolean {
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}
