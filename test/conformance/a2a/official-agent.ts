import { createServer, type Server } from "node:http";
import { AgentCard, Message, Task } from "@a2a-js/sdk";
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
} from "@a2a-js/sdk/server";
import { z } from "zod";

/**
 * An agent made with the protocol's official server, as anyone would make it: it asks for a size, then delivers. A message that begins with
 * "reply" it answers with a message alone, one that begins with "fail" it fails.
 */
export class OfficialAgent {
  /** The ids of the messages that came, in order. */
  readonly messages: string[] = [];
  readonly cancelled: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<OfficialAgent> {
    const server = createServer();
    const agent = new OfficialAgent(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const card = AgentCard.fromJSON({
      name: "Official",
      description: "Delivers.",
      version: "1.0.0",
      supportedInterfaces: [{ url: `${agent.origin}/rpc`, protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
      capabilities: {},
      defaultInputModes: ["text/plain"],
      defaultOutputModes: ["text/plain"],
      skills: [],
    });
    const handler = new JsonRpcTransportHandler(new DefaultRequestHandler(card, new InMemoryTaskStore(), agent.#executor()));
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        response.setHeader("Content-Type", "application/json");
        if (request.url?.endsWith("/agent-card.json") === true) return response.end(JSON.stringify(AgentCard.toJSON(card)));
        const context = new ServerCallContext({ requestedVersion: "1.0" });
        return response.end(JSON.stringify(await handler.handle(Buffer.concat(chunks).toString("utf8"), context)));
      });
    });
    return agent;
  }

  get origin(): string {
    return `http://127.0.0.1:${z.object({ port: z.number() }).parse(this.#server.address()).port}`;
  }

  get card(): string {
    return `${this.origin}/.well-known/agent-card.json`;
  }

  close(): void {
    this.#server.close();
  }

  #executor(): AgentExecutor {
    const task = (id: string, contextId: string, state: string, more: Record<string, unknown> = {}) =>
      AgentEvent.task(Task.fromJSON({ id, contextId, status: { state, timestamp: new Date().toISOString(), ...more }, ...more }));
    return {
      execute: async ({ userMessage, taskId, contextId, task: known }, bus) => {
        this.messages.push(userMessage.messageId);
        const [part] = userMessage.parts;
        const text = part?.content?.$case === "text" ? part.content.value : "";
        const said = { messageId: `m-${taskId}`, role: "ROLE_AGENT", taskId, contextId };
        if (text.startsWith("reply")) bus.publish(AgentEvent.message(Message.fromJSON({ ...said, parts: [{ text: "At once." }] })));
        else if (text.startsWith("fail"))
          bus.publish(task(taskId, contextId, "TASK_STATE_FAILED", { message: { ...said, parts: [{ text: "No wood." }] } }));
        else if (known === undefined)
          bus.publish(task(taskId, contextId, "TASK_STATE_INPUT_REQUIRED", { message: { ...said, parts: [{ text: "Which size?" }] } }));
        else
          bus.publish(
            task(taskId, contextId, "TASK_STATE_COMPLETED", {
              artifacts: [{ artifactId: "chair", name: "chair", parts: [{ text: `A chair of ${text}` }, { data: { legs: 4 } }] }],
            }),
          );
        bus.finished();
      },
      cancelTask: async (taskId, bus) => {
        this.cancelled.push(taskId);
        bus.publish(task(taskId, "", "TASK_STATE_CANCELED"));
        bus.finished();
      },
    };
  }
}
