/** Where a browser is. */
export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** Longer ways than this go round in circles. */
const MAX_HOPS = 20;

/** A browser without a screen: keeps cookies by host, follows redirects and pages that go on by themselves, and sends forms. */
export class PersonWithBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Opens an address and follows where it leads, until a page stays, or before an address that `until` picks is opened. */
  async open(address: string, until?: (url: string) => boolean): Promise<Shown> {
    return this.#follow(address, {}, until);
  }

  /** Sends a form of a page. */
  async send(page: Shown, action: string, fields: Record<string, string>, until?: (url: string) => boolean): Promise<Shown> {
    const init = { method: "POST", body: new URLSearchParams(fields), headers: { Origin: new URL(page.url).origin } };
    return this.#follow(new URL(action, page.url).href, init, until);
  }

  /** The cookies of a host, as it gave them; to be kept and put back. */
  cookies(address: string): Map<string, string> {
    return this.#jar(address);
  }

  async #follow(address: string, init: RequestInit, until?: (url: string) => boolean): Promise<Shown> {
    let url = address;
    let request = init;
    for (let hops = 0; hops < MAX_HOPS; hops += 1) {
      if (hops > 0 && until?.(url)) return { url, status: 0, text: "" };
      const response = await this.#ask(url, request);
      const location = response.headers.get("location");
      const text = await response.text();
      const next = location ?? /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
      if (next === undefined) return { url, status: response.status, text };
      url = new URL(next, url).href;
      request = {};
    }
    throw new Error(`still on the way after ${MAX_HOPS} hops: ${url}`);
  }

  async #ask(url: string, init: RequestInit): Promise<Response> {
    const jar = this.#jar(url);
    const headers = new Headers(init.headers);
    headers.set("Cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split(";");
      const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const isGone = value === "" || attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
      if (isGone) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  #jar(address: string): Map<string, string> {
    const { host } = new URL(address);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    return jar;
  }
}

/** Signs a person in at the identity provider, whose pages are shown, and agrees to what it asks. */
export async function signInAtProvider(
  person: PersonWithBrowser,
  shown: Shown,
  login: string,
  until?: (url: string) => boolean,
): Promise<Shown> {
  const actionOf = (page: Shown) => /action="([^"]+)"/.exec(page.text)?.[1] ?? page.url;
  const consent = shown.text.includes('value="login"')
    ? await person.send(shown, actionOf(shown), { prompt: "login", login, password: "any" }, until)
    : shown;
  return consent.text.includes('value="consent"') ? person.send(consent, actionOf(consent), { prompt: "consent" }, until) : consent;
}
