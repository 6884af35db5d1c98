import { createServer } from "node:http2";
import * as restate from "@restatedev/restate-sdk";

/**
 * The same work as a graph of steps that compute: each step durable, in the order or side by side, as Restate's own SDK has it. Prints the port it
 * serves at.
 */
const workflow = restate.service({
  name: "Workflow",
  handlers: {
    sequential: async (context, steps) => {
      const outputs = [];
      for (let i = 0; i < steps; i += 1) outputs.push(await context.run(`s${i}`, () => work(i)));
      return outputs.length;
    },
    parallel: async (context, steps) => {
      const all = Array.from({ length: steps }, (_, i) => context.run(`s${i}`, () => work(i)));
      return (await restate.RestatePromise.all(all)).length;
    },
  },
});

/** What a step brings: small, as most steps' outcomes are, and as large as the other engine's. */
function work(step) {
  return { rows: 344, columns: 8, step };
}

const server = createServer(restate.createEndpointHandler({ services: [workflow] }));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
