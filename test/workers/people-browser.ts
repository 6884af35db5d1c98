import { SELF } from "cloudflare:test";

const ORIGIN = "http://soma.test";

/** A browser without scripts: it keeps cookies, follows its own forms, and says where they come from. */
export function newBrowser() {
  const cookies = new Map<string, string>();

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    headers.set("User-Agent", "Browser of the tests");
    const response = await SELF.fetch(new URL(path, ORIGIN).href, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0/i.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  return {
    cookies,
    get: (path: string) => send(path),
    /** Opens the page with a form, fills it and sends it to `action`, as its owner would. */
    async submit(page: string, action: string, fields: Record<string, string>): Promise<Response> {
      const html = await (await send(page)).text();
      const token = /name="form_token" value="([^"]+)"/.exec(html)?.[1] ?? "";
      return send(action, form({ form_token: token, ...fields }));
    },
    /** Sends a form as it is told to, with nothing added. */
    post: (action: string, fields: Record<string, string>, headers: Record<string, string> = {}) => send(action, form(fields, headers)),
  };
}

export type TestBrowser = ReturnType<typeof newBrowser>;

function form(fields: Record<string, string>, headers: Record<string, string> = { Origin: ORIGIN }): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  };
}
