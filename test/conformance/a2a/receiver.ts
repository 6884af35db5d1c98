import { createServer, type Server } from "node:http";
import { z } from "zod";

/** One notification as it came. */
export interface Received {
  readonly authorization: string | undefined;
  readonly token: string | undefined;
  readonly type: string | undefined;
  readonly body: unknown;
}

/** A client's webhook: it takes what comes, after it has failed as often as it was told to. */
export class Receiver {
  readonly received: Received[] = [];
  failures = 0;
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (receiver.failures > 0) {
          receiver.failures -= 1;
          response.writeHead(500).end();
          return;
        }
        const { authorization, "x-a2a-notification-token": token, "content-type": type } = request.headers;
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
        receiver.received.push({ authorization, token: token?.toString(), type, body });
        response.writeHead(204).end();
        for (const tell of receiver.#waiting.splice(0)) tell();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${z.object({ port: z.number() }).parse(this.#server.address()).port}/hook`;
  }

  /** Waits until so many notifications have come. */
  async until(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.received;
  }

  close(): void {
    this.#server.close();
  }
}
