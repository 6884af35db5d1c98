import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { createGenerator } from "ts-json-schema-generator";
import type { ChatChunk, ChatRequest, ChatResponse, ErrorResponse, ModelsResponse } from "./published-types.ts";

interface Published {
  ChatRequest: ChatRequest;
  ChatResponse: ChatResponse;
  ChatChunk: ChatChunk;
  ErrorResponse: ErrorResponse;
  ModelsResponse: ModelsResponse;
}

const validators = compiled();

/** What of `value` does not fit the published description; empty when all of it does. Members that it does not name do not fit. */
export function faultsOf(kind: keyof Published, value: unknown): string[] {
  const validate = validators.get(kind);
  if (validate === undefined) throw new Error(`The published description has no ${kind}.`);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${kind}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

/** Whether `value` fits the published description, for the compiler too. */
export function isPublished<K extends keyof Published>(kind: K, value: unknown): value is Published[K] {
  return faultsOf(kind, value).length === 0;
}

function compiled(): Map<string, ValidateFunction> {
  const generator = createGenerator({
    path: join(import.meta.dirname, "published-types.ts"),
    tsconfig: join(import.meta.dirname, "../../tsconfig.node.json"),
    skipTypeCheck: true,
    topRef: true,
    additionalProperties: false,
  });
  const ajv = new Ajv({ strict: false, allErrors: false });
  ajv.addSchema({ definitions: generator.createSchema("*").definitions }, "published");
  const kinds = ["ChatRequest", "ChatResponse", "ChatChunk", "ErrorResponse", "ModelsResponse"] satisfies (keyof Published)[];
  return new Map(kinds.map((kind) => [kind, ajv.compile({ $ref: `published#/definitions/${kind}` })]));
}
