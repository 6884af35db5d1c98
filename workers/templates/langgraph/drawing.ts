import { z } from "zod";
import type { Json } from "../../platform/canonical-json.ts";
import type { Place } from "../place.ts";
import { type Source, sourceProblem } from "../source.ts";

/** Nodes and edges of one drawing: what one run may have as steps, with its choices. */
const MAX_NODES = 2_000;
const MAX_EDGES = 10_000;

const idSchema = z.union([z.string().min(1).max(1_000), z.number().int().nonnegative()]);

/** What `graph.get_graph().to_json()` gives (langchain-core), `toJSON()` of the JavaScript one, and `GET /assistants/{id}/graph`. */
const drawingSchema = z.looseObject({
  nodes: z
    .array(
      z.looseObject({
        id: idSchema,
        type: z.string().optional(),
        data: z.union([z.string(), z.record(z.string(), z.json())]).nullish(),
        metadata: z.record(z.string(), z.json()).nullish(),
      }),
    )
    .min(1)
    .max(MAX_NODES),
  edges: z
    .array(z.looseObject({ source: idSchema, target: idSchema, data: z.json().optional(), conditional: z.boolean().default(false) }))
    .max(MAX_EDGES),
});

export interface DrawnNode {
  readonly id: string;
  /** The last part of what it is: `RunnableCallable`, `ToolNode`, `CompiledStateGraph`; undefined when the drawing does not say. */
  readonly kind: string | undefined;
  readonly label: string;
  readonly interrupts: readonly ("before" | "after")[];
  /** Names of the tools of a `ToolNode`, where the drawing knows them. */
  readonly tools: readonly string[];
  /** Notes of its author. */
  readonly notes: Readonly<Record<string, Json>>;
  readonly place: Place;
}

export interface DrawnEdge {
  readonly source: string;
  readonly target: string;
  /** What the deciding function answers to take it; undefined for the id of the target. */
  readonly label: string | undefined;
  readonly isConditional: boolean;
  readonly place: Place;
}

/** A drawn graph whose beginning and end are known. */
export interface Drawing {
  readonly path: string;
  readonly place: Place;
  readonly start: string;
  readonly ends: ReadonlySet<string>;
  /** All but start and ends. */
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** JSON Schema of what the graph is given, where it was drawn with schemas. */
  readonly inputSchema: Readonly<Record<string, Json>> | undefined;
}

/** True for a file that holds nodes and edges as lists, which no other framework's does. */
export function isDrawing({ value }: Source): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const { nodes, edges } = value;
  if (!Array.isArray(nodes) || !Array.isArray(edges) || nodes.length === 0) return false;
  const isNode = (node: Json): boolean => node !== null && typeof node === "object" && !Array.isArray(node) && "id" in node;
  const isEdge = (edge: Json): boolean =>
    edge !== null && typeof edge === "object" && !Array.isArray(edge) && "source" in edge && "target" in edge;
  return nodes.every(isNode) && edges.every(isEdge);
}

/** @throws Problem `invalid-template` with the place of each thing that makes it no graph */
export function readDrawing(file: Source): Drawing {
  const parsed = drawingSchema.safeParse(file.value);
  if (!parsed.success) {
    throw sourceProblem(
      parsed.error.issues.map(({ path, message }) => {
        const pointer = path.map((part) => `/${String(part)}`).join("");
        return { place: file.place(pointer), pointer, message };
      }),
    );
  }
  const { nodes, edges } = parsed.data;
  checkIds(file, nodes, edges);
  const start = startOf(nodes, edges);
  const ends = endsOf(nodes, edges, start);
  return {
    path: file.path,
    place: file.place(""),
    start,
    ends,
    nodes: nodes.flatMap((node, i) => {
      const id = String(node.id);
      return id === start || ends.has(id) ? [] : [drawnNode(node, file.place(`/nodes/${i}`))];
    }),
    edges: edges.map((edge, i) => ({
      source: String(edge.source),
      target: String(edge.target),
      label: labelOf(edge.data),
      isConditional: edge.conditional,
      place: file.place(`/edges/${i}`),
    })),
    inputSchema: schemaOf(nodes.find(({ id }) => String(id) === start)),
  };
}

type RawNode = z.infer<typeof drawingSchema>["nodes"][number];
type RawEdge = z.infer<typeof drawingSchema>["edges"][number];

function checkIds(file: Source, nodes: readonly RawNode[], edges: readonly RawEdge[]): void {
  const seen = new Set<string>();
  const twice = nodes.flatMap(({ id }, i) => {
    const isKnown = seen.has(String(id));
    seen.add(String(id));
    const pointer = `/nodes/${i}/id`;
    return isKnown ? [{ place: file.place(pointer), pointer, message: `there are two nodes ${id}` }] : [];
  });
  const dangling = edges.flatMap((edge, i) =>
    (["source", "target"] as const).flatMap((end) => {
      const pointer = `/edges/${i}/${end}`;
      return seen.has(String(edge[end])) ? [] : [{ place: file.place(pointer), pointer, message: `there is no node ${edge[end]}` }];
    }),
  );
  if (twice.length + dangling.length > 0) throw sourceProblem([...twice, ...dangling]);
}

/** `__start__`; in drawings of plain chains the one node that nothing leads to. A graph that has neither begins at its first node. */
function startOf(nodes: readonly RawNode[], edges: readonly RawEdge[]): string {
  if (nodes.some(({ id }) => id === "__start__")) return "__start__";
  const targets = new Set(edges.map(({ target }) => String(target)));
  const sources = nodes.filter(({ id, type }) => !targets.has(String(id)) && type === "schema");
  return String(sources[0]?.id ?? "__start__");
}

function endsOf(nodes: readonly RawNode[], edges: readonly RawEdge[], start: string): Set<string> {
  const sources = new Set(edges.map(({ source }) => String(source)));
  const ends = nodes.filter(({ id, type }) => id === "__end__" || (type === "schema" && !sources.has(String(id)) && String(id) !== start));
  return new Set(["__end__", ...ends.map(({ id }) => String(id))]);
}

function drawnNode(node: RawNode, place: Place): DrawnNode {
  const id = String(node.id);
  const { __interrupt: interrupt, __tools: tools, defer: _, ...notes } = node.metadata ?? {};
  const said = typeof interrupt === "string" ? interrupt : "";
  const data = typeof node.data === "object" ? node.data : undefined;
  const path = data?.id;
  const kind = Array.isArray(path) ? path.at(-1) : undefined;
  return {
    id,
    kind: typeof kind === "string" ? kind : undefined,
    label: typeof node.id === "number" && typeof data?.name === "string" ? data.name : id,
    interrupts: (["before", "after"] as const).filter((moment) => said.split(",").includes(moment)),
    tools: Array.isArray(tools) ? tools.filter((tool) => typeof tool === "string") : [],
    notes,
    place,
  };
}

function labelOf(data: Json | undefined): string | undefined {
  return typeof data === "string" ? data : data === undefined || data === null ? undefined : JSON.stringify(data);
}

function schemaOf(node: RawNode | undefined): Readonly<Record<string, Json>> | undefined {
  const properties = typeof node?.data === "object" ? node.data?.properties : undefined;
  return properties !== null && typeof properties === "object" && !Array.isArray(properties) ? properties : undefined;
}
