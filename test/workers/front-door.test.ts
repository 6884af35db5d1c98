import { SELF } from "cloudflare:test";
import { expect, it } from "vitest";

it("a wrong method is told the right ones", async () => {
  const response = await SELF.fetch("http://soma.test/v1/sessions/ses_1/messages", { method: "PATCH" });
  expect(response.status).toBe(405);
  expect(response.headers.get("Allow")).toBe("GET, POST");
});
