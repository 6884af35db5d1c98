import { Hono } from "hono";

/** The peer of the gateway: the same route with the same answer, and nothing on the way to it. */
const app = new Hono();
const path = "/v1/capsules/:name/versions/:version";
let answer: Record<string, unknown> = {};

app.get(path, (context) => context.json(answer));

/** Before the measurement the peer is told what to answer. */
app.put(path, async (context) => {
  answer = await context.req.json();
  return context.body(null, 204);
});

export default app;
