import type { Context, Handler } from "hono";
import { html } from "hono/html";
import { problemOf } from "../../platform/problem.ts";
import type { HttpEnv } from "../../platform/route.ts";
import { type Markup, page } from "./page.ts";

/** Statuses that a page may have besides 200. */
const STATUSES = [400, 401, 403, 404, 429] as const;

/** A handler of a page: what it refuses is told as a page too, and what fails on our side as everywhere. */
export function pageHandler(handler: (context: Context<HttpEnv>) => Promise<Response>): Handler<HttpEnv> {
  return async (context) => {
    try {
      return await handler(context);
    } catch (error) {
      const problem = problemOf(error);
      const status = STATUSES.find((candidate) => candidate === problem?.status);
      if (problem === undefined || status === undefined) throw error;
      if (problem.retryAfterSeconds !== undefined) context.header("Retry-After", String(problem.retryAfterSeconds));
      return page(context, {
        title: "That did not work",
        status,
        body: html`${trouble(problem.detail)}<p><a href="/signin">To the sign-in page</a></p>`,
      });
    }
  };
}

/** A sentence that says what went wrong, read out at once by a screen reader. */
export function trouble(text: string | undefined): Markup | "" {
  return text === undefined ? "" : html`<p class="trouble" role="alert">${text}</p>`;
}

/** A sentence that says what was done. */
export function done(text: string | undefined): Markup | "" {
  return text === undefined ? "" : html`<p class="done" role="status">${text}</p>`;
}
