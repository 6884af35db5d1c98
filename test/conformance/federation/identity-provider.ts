import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider } from "oidc-provider";
import { z } from "zod";
import { adapterOver } from "./kept-between-keys.ts";

/** A person of the identity provider's. */
export interface Person {
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A certified OpenID provider on this machine, with people who may sign in under any password, and programs. */
export class IdentityProvider {
  readonly #server: Server;
  readonly #people: Record<string, Person>;
  #clients: object[] = [];
  #keys: JWK[] = [];
  readonly #kept = new Map<string, Record<string, unknown>>();
  #handler: Handler = (_, response) => response.writeHead(503).end();
  /** What was asked for, by path. */
  readonly asked: string[] = [];

  private constructor(server: Server, people: Record<string, Person>) {
    this.#server = server;
    this.#people = people;
  }

  static async start(people: Record<string, Person>): Promise<IdentityProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const provider = new IdentityProvider(server, people);
    server.on("request", (request, response) => {
      provider.asked.push(new URL(request.url ?? "/", "http://x").pathname);
      provider.#handler(request, response);
    });
    await provider.rotate();
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${z.object({ port: z.number() }).parse(this.#server.address()).port}`;
  }

  /** From now on it has these clients. */
  async setClients(clients: object[]): Promise<void> {
    this.#clients = clients;
    this.#begin();
  }

  /** Signs with a new key; the old ones are published on, unless they are taken back. */
  async rotate({ takesBack }: { takesBack?: "the old ones" } = {}): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const kid = `key-${this.#keys.length}-${Math.floor(Math.random() * 1e9)}`;
    const key = { ...(await exportJWK(privateKey)), kid, use: "sig", alg: "RS256" };
    this.#keys = takesBack === undefined ? [key, ...this.#keys] : [key];
    this.#begin();
  }

  /** Goes away; connections are refused from now on. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #begin(): void {
    this.#handler = new Provider(this.issuer, {
      adapter: adapterOver(this.#kept),
      clients: this.#clients,
      jwks: { keys: this.#keys },
      cookies: { keys: ["of the tests only"] },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
      findAccount: (_: unknown, id: string) => {
        const person = this.#people[id];
        return person && { accountId: id, claims: () => ({ sub: id, email_verified: true, ...person }) };
      },
      features: {
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_: unknown, resource: string) => ({ scope: "api", audience: resource, accessTokenFormat: "jwt" }),
        },
      },
    }).callback();
  }
}

/** A program's token of the provider, for a resource. */
export async function programToken(issuer: string, client: { id: string; secret: string }, resource: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource, scope: "api" }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`no token: ${text}`);
  return z.object({ access_token: z.string() }).parse(JSON.parse(text)).access_token;
}
