import { parseArgs } from "node:util";
import { startModelServer } from "./server.ts";

/** `npm run model-server`: the rule-based model on a port, for trying the platform with "a language model" by hand. */
const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
const server = await startModelServer({ port: Number(values.port), apiKey: "test-key", model: "rule-based" });
console.log(`SOMA_MODEL_BASE_URL=${server.url} SOMA_MODEL_API_KEY=test-key SOMA_MODEL_NAME=rule-based`);
