import type { Adapter, Compilation, Unmapped } from "../adapter.ts";
import type { Source } from "../source.ts";
import { sourceProblem } from "../source.ts";
import { isBinding, readBinding } from "./binding.ts";
import { compileDrawing } from "./compile.ts";
import { isDrawing, readDrawing } from "./drawing.ts";

/** LangGraph: what `graph.get_graph().to_json()` prints, with a file that says what the nodes are here. */
export const langgraph: Adapter = {
  framework: "langgraph",
  title: "LangGraph",
  looksLike:
    "a JSON file with lists of `nodes` and `edges`, as get_graph().to_json() gives it, and a binding file that begins with `langgraph: 1`",
  recognise: (files) => (files.some(isDrawing) ? 0.9 : files.some(isProject) || files.some(isBinding) ? 0.5 : 0),
  compile: (files, options): Compilation => {
    const drawings = files.filter(isDrawing);
    const bindings = files.filter(isBinding);
    const binding = options.binding ?? bindings[0];
    if (drawings.length === 0) throw withoutDrawing(files);
    const said = readBinding(binding);
    const place = binding?.place ?? drawings[0]?.place ?? (() => ({ file: "", line: 1, column: 1 }));
    return {
      templates: drawings.map((file) => compileDrawing(readDrawing(file), said, place, options)),
      unmapped: files.filter((file) => !drawings.includes(file) && file !== binding).map(unread),
    };
  },
};

/** `langgraph.json`, which names the code of graphs. */
function isProject({ name, value }: Source): boolean {
  return name === "langgraph.json" && value !== null && typeof value === "object" && !Array.isArray(value) && "graphs" in value;
}

function withoutDrawing(files: readonly Source[]) {
  const message = "names graphs that are code; give what `json.dumps(graph.get_graph(xray=True).to_json())` prints beside it";
  return sourceProblem(files.map((file) => ({ place: file.place("/graphs"), pointer: "/graphs", message })));
}

function unread(file: Source): Unmapped {
  const why = isProject(file)
    ? "names code, dependencies and environment, which stay where they are; the drawing is what was imported"
    : isBinding(file)
      ? "one binding was used already"
      : "is neither a drawing nor a binding";
  return { what: file.path, where: file.place(""), why };
}
