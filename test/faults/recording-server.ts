import { createServer, type Server } from "node:http";

/** A server on the other side, which writes down every request that reaches it before it answers. */
export class RecordingServer {
  readonly #server: Server;
  readonly #seen: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#seen.push(request.url ?? "");
      response.writeHead(200, { "Content-Type": "text/plain" });
      response.end(`seen ${request.url ?? ""}`);
    });
  }

  static async begin(): Promise<RecordingServer> {
    const recording = new RecordingServer();
    await new Promise<void>((resolve) => recording.#server.listen(0, "127.0.0.1", resolve));
    return recording;
  }

  /** `host:port`. */
  get host(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the recording server does not listen");
    return `127.0.0.1:${address.port}`;
  }

  /** The paths that were asked for, each as often as it was. */
  get seen(): readonly string[] {
    return this.#seen;
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
