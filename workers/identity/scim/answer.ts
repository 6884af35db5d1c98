import type { Context } from "hono";
import { problemOf } from "../../platform/problem.ts";
import type { HttpEnv } from "../../platform/route.ts";
import { FilterFault } from "./filter.ts";

/** Names of RFC 7643 and 7644. */
export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

type ScimType = "invalidFilter" | "invalidPath" | "invalidValue" | "invalidSyntax" | "uniqueness" | "noTarget" | "mutability";

/** A refusal in SCIM's own words (RFC 7644 §3.12). */
export class ScimFault extends Error {
  override readonly name = "ScimFault";
  readonly status: 400 | 404 | 409 | 412;
  readonly scimType: ScimType | undefined;

  constructor(status: 400 | 404 | 409 | 412, scimType: ScimType | undefined, detail: string) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
  }
}

/** A resource or a list as `application/scim+json`. */
export function scimAnswer(
  context: Context<HttpEnv>,
  body: unknown,
  status: 200 | 201 = 200,
  headers: Record<string, string> = {},
): Response {
  return context.body(JSON.stringify(body), status, { "Content-Type": "application/scim+json", ...headers });
}

/** What went wrong, in the form of RFC 7644 §3.12; what is a fault of ours is told as everywhere. */
export function scimRefusal(context: Context<HttpEnv>, error: unknown): Response {
  const { status, scimType, detail, retryAfterSeconds } = refusalOf(error);
  const body = { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail };
  const headers = new Headers({ "Content-Type": "application/scim+json" });
  if (status === 401) headers.set("WWW-Authenticate", 'Bearer realm="somaagent"');
  if (retryAfterSeconds !== undefined) headers.set("Retry-After", String(retryAfterSeconds));
  return new Response(JSON.stringify(body), { status, headers });
}

function refusalOf(error: unknown): { status: number; scimType?: ScimType; detail: string; retryAfterSeconds?: number } {
  if (error instanceof FilterFault) return { status: 400, scimType: "invalidFilter", detail: `The filter: ${error.message}.` };
  if (error instanceof ScimFault)
    return { status: error.status, ...(error.scimType === undefined ? {} : { scimType: error.scimType }), detail: error.message };
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  const { status, detail, retryAfterSeconds } = problem;
  return {
    status,
    ...(problem.type === "conflict" ? { scimType: "uniqueness" as const } : {}),
    ...(problem.type === "malformed-json" ? { scimType: "invalidSyntax" as const } : {}),
    detail,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
