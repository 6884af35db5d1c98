declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  /** A certified OpenID provider; what the tests use of it. */
  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
}
