import { SELF } from "cloudflare:test";
import { z } from "zod";

const jsonSchema = z.record(z.string(), z.unknown());
const operationSchema = z.object({
  operationId: z.string(),
  "x-soma-capability": z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: jsonSchema })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: jsonSchema })) }).optional(),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), jsonSchema) }),
});

/** One operation as the platform publishes it, with a body that fits its schema. */
export interface PublishedOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly capability: string;
  /** The query with what the operation cannot do without: empty, or with its question mark. */
  readonly query: string;
  /** Present when the operation takes JSON. */
  readonly jsonBody: Record<string, unknown> | undefined;
}

/** Every operation of the document that the platform serves: a route that is added tomorrow is in the list tomorrow. */
export async function publishedOperations(): Promise<PublishedOperation[]> {
  const document = documentSchema.parse(await (await SELF.fetch("http://soma.test/openapi.json")).json());
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const body = operation.requestBody?.content["application/json"]?.schema;
      return {
        name: operation.operationId,
        method: method.toUpperCase(),
        path,
        capability: operation["x-soma-capability"],
        query: queryOf(operation.parameters.filter((parameter) => parameter.in === "query" && parameter.required === true)),
        jsonBody: body === undefined ? undefined : z.record(z.string(), z.unknown()).parse(fitting(body, document.components.schemas)),
      };
    }),
  );
}

function queryOf(needed: readonly { name: string; schema: Record<string, unknown> }[]): string {
  const query = new URLSearchParams(needed.map(({ name, schema }) => [name, String(fitting(schema, {}))]));
  return needed.length === 0 ? "" : `?${query}`;
}

/** The least value that fits a JSON Schema of the kinds that the document uses. */
function fitting(schema: Record<string, unknown>, named: Record<string, Record<string, unknown>>): unknown {
  if (typeof schema.$ref === "string") return fitting(named[schema.$ref.split("/").at(-1) ?? ""] ?? {}, named);
  if (schema.example !== undefined) return schema.example;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  switch (schema.type) {
    case "object": {
      const properties = z.record(z.string(), jsonSchema).parse(schema.properties ?? {});
      const required = z.array(z.string()).parse(schema.required ?? []);
      return Object.fromEntries(required.map((key) => [key, fitting(properties[key] ?? {}, named)]));
    }
    case "array":
      return [];
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    default:
      return "x".repeat(Number(schema.minLength ?? 1));
  }
}
