import { SELF } from "cloudflare:test";
import { expect, it } from "vitest";

it("answers that it is alive", async () => {
  const response = await SELF.fetch("http://soma.test/healthz");
  expect(response.status).toBe(200);
});
