/** Drawings as LangGraph prints them, written for these tests. */

type Edge = readonly [source: string, target: string, how?: { readonly label?: string; readonly conditional?: true }];

interface Kind {
  readonly kind?: string;
  readonly metadata?: Record<string, unknown>;
}

/** What `json.dumps(graph.get_graph().to_json())` prints for a graph of these nodes and edges. */
export function drawing(nodes: Readonly<Record<string, Kind>>, edges: readonly Edge[]): string {
  return JSON.stringify(
    {
      nodes: [
        { id: "__start__", type: "runnable", data: { id: ["langgraph", "_internal", "_runnable", "RunnableCallable"], name: "__start__" } },
        ...Object.entries(nodes).map(([id, { kind = "RunnableCallable", metadata }]) => ({
          id,
          type: "runnable",
          data: { id: ["langgraph", "_internal", "_runnable", kind], name: id },
          ...(metadata === undefined ? {} : { metadata }),
        })),
        { id: "__end__" },
      ],
      edges: edges.map(([source, target, how]) => ({
        source,
        target,
        ...(how?.label === undefined ? {} : { data: how.label }),
        ...(how?.conditional === undefined ? {} : { conditional: true }),
      })),
    },
    undefined,
    2,
  );
}

/** The smallest agent with tools, as `create_react_agent` draws it. */
export const reactAgent = drawing({ agent: {}, tools: { kind: "ToolNode" } }, [
  ["__start__", "agent"],
  ["agent", "__end__", { conditional: true }],
  ["agent", "tools", { conditional: true }],
  ["tools", "agent"],
]);

/** A letter is written, judged, and written again until it is good; a person sees it before it goes out. */
export const reviewLoop = drawing(
  { outline: {}, "Draft letter": {}, judge: {}, send: { metadata: { __interrupt: "before" } }, archive: {} },
  [
    ["__start__", "outline"],
    ["outline", "Draft letter"],
    ["Draft letter", "judge"],
    ["judge", "Draft letter", { label: "again", conditional: true }],
    ["judge", "send", { label: "good", conditional: true }],
    ["send", "archive"],
    ["archive", "__end__"],
  ],
);
