import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type OutboundRequest, outboundFetch } from "../../../workers/platform/outbound.ts";
import { problemOf } from "../../../workers/platform/problem.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server on this machine. @returns its `host:port` */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
}

const LIMITS = { maxBytes: 10_000, timeoutMs: 5_000, mediaTypes: ["text/"] } as const;

function get(host: string, allowed: readonly string[], request: Partial<OutboundRequest> = {}) {
  return outboundFetch({ fetch, allowed: new Set(allowed) }, { ...LIMITS, url: `http://${host}/`, ...request });
}

async function problemType(answer: Promise<unknown>): Promise<string | undefined> {
  return problemOf(
    await answer.then(
      () => undefined,
      (error: unknown) => error,
    ),
  )?.type;
}

describe("a fetch", () => {
  it("brings status, type and body", async () => {
    const host = await serve((_, response) => response.writeHead(404, { "Content-Type": "Text/Plain; charset=UTF-8" }).end("nothing"));
    const answer = await get(host, [host]);
    expect(answer).toMatchObject({ status: 404, mediaType: "text/plain", charset: "utf-8", url: `http://${host}/` });
    expect(new TextDecoder().decode(answer.body)).toBe("nothing");
  });

  it("asks nobody when the address is not allowed", async () => {
    let asked = 0;
    const host = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    expect(await problemType(get(host, []))).toBe("address-not-allowed");
    expect(asked).toBe(0);
  });

  it("follows redirects, and checks each place it is led to before asking there", async () => {
    let asked = 0;
    const inner = await serve((_, response) => {
      asked += 1;
      response.writeHead(200, { "Content-Type": "text/plain" }).end("secret");
    });
    const outer = await serve((_, response) => response.writeHead(302, { Location: `http://${inner}/` }).end());
    expect(await problemType(get(outer, [outer]))).toBe("address-not-allowed");
    expect(asked).toBe(0);
    expect((await get(outer, [outer, inner])).url).toBe(`http://${inner}/`);
  });

  it.each(["http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "http://user:pw@example.com/", "http://[::1]/", "http://"])(
    "is not led to %s",
    async (location) => {
      const host = await serve((_, response) => response.writeHead(307, { Location: location }).end());
      expect(await problemType(get(host, [host]))).toBe("address-not-allowed");
    },
  );

  it("gives up a chain of redirects that does not end", async () => {
    let asked = 0;
    const host = await serve((_, response) => {
      asked += 1;
      response.writeHead(301, { Location: `/${asked}` }).end();
    });
    expect(await problemType(get(host, [host]))).toBe("limit-exceeded");
    expect(asked).toBe(6);
  });

  it("keeps credentials on their own origin", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const answer: RequestListener = (request, response) => {
      seen.push(request.headers);
      response.writeHead(200, { "Content-Type": "text/plain" }).end();
    };
    const other = await serve(answer);
    const host = await serve((request, response) => {
      if (request.url === "/") response.writeHead(302, { Location: "/same" }).end();
      else if (request.url === "/same") {
        seen.push(request.headers);
        response.writeHead(302, { Location: `http://${other}/` }).end();
      }
    });
    await get(host, [host, other], { headers: { Authorization: "Bearer x", Cookie: "a=b", Accept: "text/plain" } });
    expect(seen[0]).toMatchObject({ authorization: "Bearer x", cookie: "a=b" });
    expect(seen[1]).not.toHaveProperty("authorization");
    expect(seen[1]).not.toHaveProperty("cookie");
    expect(seen[1]).toMatchObject({ accept: "text/plain" });
  });

  it("stops at its limit of bytes, declared or not, and compressed or not", async () => {
    const declared = await serve((_, response) =>
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": "20000" }).end("x".repeat(20_000)),
    );
    expect(await problemType(get(declared, [declared]))).toBe("limit-exceeded");
    const endless = await serve((_, response) => {
      response.writeHead(200, { "Content-Type": "text/plain" });
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(1_000)));
      };
      response.on("drain", more);
      more();
    });
    expect(await problemType(get(endless, [endless]))).toBe("limit-exceeded");
    const { gzipSync } = await import("node:zlib");
    const bomb = await serve((_, response) =>
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Encoding": "gzip" }).end(gzipSync("x".repeat(1_000_000))),
    );
    expect(await problemType(get(bomb, [bomb]))).toBe("limit-exceeded");
  });

  it("stops at its limit of time, before the answer and in the middle of it", async () => {
    const silent = await serve(() => undefined);
    expect(await problemType(get(silent, [silent], { timeoutMs: 50 }))).toBe("timeout");
    const halting = await serve((_, response) => {
      response.writeHead(200, { "Content-Type": "text/plain" });
      response.write("half");
    });
    expect(await problemType(get(halting, [halting], { timeoutMs: 100 }))).toBe("timeout");
  });

  it("ends when the step that asked ends", async () => {
    const silent = await serve(() => undefined);
    const step = new AbortController();
    const answer = get(silent, [silent], { signal: step.signal });
    step.abort(new Error("the step ended"));
    await expect(answer).rejects.toThrow("the step ended");
  });

  it("reads only the types it was asked to read", async () => {
    const host = await serve((_, response) => response.writeHead(200, { "Content-Type": "application/x-msdownload" }).end("MZ"));
    expect(await problemType(get(host, [host]))).toBe("tool-failed");
    const untyped = await serve((_, response) => response.writeHead(200).end("x"));
    expect(await problemType(get(untyped, [untyped]))).toBe("tool-failed");
  });

  it("says so when nobody answers, without telling more of the network", async () => {
    const host = await serve(() => undefined);
    servers.splice(0).forEach((server) => {
      server.close();
    });
    const error = await get(host, [host]).catch((thrown: unknown) => thrown);
    expect(problemOf(error)).toMatchObject({ type: "tool-failed", detail: "127.0.0.1 could not be reached." });
  });
});
