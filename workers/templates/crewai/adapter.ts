import type { Adapter, Compilation, Unmapped } from "../adapter.ts";
import { type Source, sourceProblem } from "../source.ts";
import { compileCrew } from "./compile.ts";
import { type Crew, kindOf, readCrews } from "./crew.ts";

/** CrewAI: `agents.yaml` and `tasks.yaml`, and crews in files of their own; those of one folder are one crew. */
export const crewai: Adapter = {
  framework: "crewai",
  title: "CrewAI",
  looksLike:
    "`agents.yaml` (role, goal, backstory) and `tasks.yaml` (description, expected_output), with a `crew.yaml` or a binding that begins with `crewai: 1` where the process is not sequential",
  recognise: (files) => {
    const kinds = new Set(files.map(kindOf));
    if (kinds.has("tasks") || kinds.has("crew")) return kinds.has("agents") || kinds.has("agent") || kinds.has("crew") ? 0.95 : 0.6;
    return kinds.has("agents") || kinds.has("agent") ? 0.4 : 0;
  },
  compile: (files, options): Compilation => {
    const binding = options.binding ?? files.find((file) => kindOf(file) === "binding");
    const { crews, others } = readCrews(files, binding);
    const whole = crews.filter(({ tasks }) => tasks.length > 0);
    if (whole.length === 0) throw withoutTasks(files);
    return {
      templates: whole.map((crew) => compileCrew(crew, options.tools)),
      unmapped: [...crews.filter((crew) => !whole.includes(crew)).flatMap(idleAgents), ...others.map(unread)],
    };
  },
};

function withoutTasks(files: readonly Source[]) {
  const message = "there are no tasks in these files; give tasks.yaml beside agents.yaml";
  return sourceProblem(files.map((file) => ({ place: file.place(""), pointer: "", message })));
}

function idleAgents(crew: Crew): Unmapped[] {
  return crew.agents.map(({ key, where }) => ({ what: key, where, why: "there are no tasks in its folder" }));
}

function unread(file: Source): Unmapped {
  return { what: file.path, where: file.place(""), why: "holds neither agents nor tasks" };
}
