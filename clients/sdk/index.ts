/** What a program uses of the SDK; see README.md. */
export { type Artifact, type ClientOptions, done, must, type Project, type Schemas, type SomaClient, somaClient } from "./client.ts";
export type { FollowOptions, SomaEvent } from "./events.ts";
export { pages } from "./pages.ts";
export { type Send, SomaUnreachable } from "./patience.ts";
export { SomaProblem } from "./problem.ts";
