import { countOf } from "../ui/figures.ts";
import { TASK } from "../ui/state.tsx";
import { durationText, useNow } from "../ui/time.tsx";
import { useWidth } from "../ui/use-width.ts";
import { layersOf, type Task } from "./layers.ts";
import { HEADING_HEIGHT, NODE_HEIGHT, type Placement, placementOf } from "./placement.ts";

interface TaskGraphProps {
  readonly tasks: readonly Task[];
  readonly chosen: string | undefined;
  readonly onChoose: (step: string | undefined) => void;
}

/** The tasks by waves, with lines from what each needs. Choosing one tells more about it and shows its lines. */
export function TaskGraph({ tasks, chosen, onChoose }: TaskGraphProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const now = useNow(tasks.some((task) => task.state === "running"));
  const layers = layersOf(tasks);
  const placement = placementOf(layers, width);
  return (
    <div ref={ref} className="relative" style={{ height: placement.height }}>
      {width > 0 && (
        <>
          <Lines placement={placement} chosen={chosen} width={width} />
          {layers.map((layer, i) => (
            <section key={layer.wave} aria-label={`Wave ${layer.wave}`}>
              <h3 className="absolute left-0 text-xs font-semibold text-soft" style={{ top: placement.tops[i], height: HEADING_HEIGHT }}>
                Wave {layer.wave} · {countOf(layer.tasks.length, "task")}
              </h3>
              <ul>
                {layer.tasks.map((task) => (
                  <li
                    key={task.step}
                    className="absolute"
                    style={{
                      left: placement.spots.get(task.step)?.x,
                      top: placement.spots.get(task.step)?.y,
                      width: placement.nodeWidth,
                      height: NODE_HEIGHT,
                    }}
                  >
                    <Node task={task} now={now} isChosen={chosen === task.step} onChoose={onChoose} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
    </div>
  );
}

/** The id of a task's place in the graph, where reading goes on after its details are closed. */
export function nodeIdOf(step: string): string {
  return `task-${step}`;
}

interface NodeProps {
  readonly task: Task;
  readonly now: number;
  readonly isChosen: boolean;
  readonly onChoose: (step: string | undefined) => void;
}

function Node({ task, now, isChosen, onChoose }: NodeProps) {
  const look = TASK[task.state];
  return (
    <button
      type="button"
      aria-expanded={isChosen}
      id={nodeIdOf(task.step)}
      aria-controls="task-details"
      title={task.title}
      onClick={() => onChoose(isChosen ? undefined : task.step)}
      className={`flex size-full flex-col justify-between rounded-lg border p-2.5 text-left ${isChosen ? "border-accent bg-sunken ring-1 ring-accent" : "border-edge bg-panel hover:bg-sunken"} ${task.state === "pending" ? "border-dashed" : ""}`}
    >
      <span className="line-clamp-2 text-[0.8125rem] leading-snug font-medium">{task.title}</span>
      <span className={`flex w-full items-center gap-1.5 text-xs whitespace-nowrap ${look.ink}`}>
        <span aria-hidden="true">{look.mark}</span>
        {look.word}
        {task.attempt > 1 && (
          <span title={`Attempt ${task.attempt}`}>
            <span aria-hidden="true">×{task.attempt}</span>
            <span className="sr-only">, attempt {task.attempt}</span>
          </span>
        )}
        <span className="ml-auto text-soft tabular-nums">{timeOf(task, now)}</span>
      </span>
    </button>
  );
}

/** How long the task took, or has been going on. */
export function timeOf(task: Task, now: number): string {
  if (task.startedAt === undefined || task.state === "pending" || task.state === "skipped") return "";
  const end = task.finishedAt === undefined ? now : Date.parse(task.finishedAt);
  return durationText(end - Date.parse(task.startedAt));
}

interface LinesProps {
  readonly placement: Placement;
  readonly chosen: string | undefined;
  readonly width: number;
}

function Lines({ placement, chosen, width }: LinesProps) {
  const touches = (line: { from: string; to: string }) => line.from === chosen || line.to === chosen;
  const drawn = placement.isCrowded ? placement.lines.filter(touches) : placement.lines;
  return (
    <svg aria-hidden="true" className="absolute inset-0" width={width} height={placement.height}>
      {drawn.map((line) => (
        <path
          key={`${line.from} ${line.to}`}
          d={line.path}
          fill="none"
          className={touches(line) ? "stroke-accent" : "stroke-edge"}
          strokeWidth={touches(line) ? 2 : 1}
          opacity={chosen === undefined || touches(line) ? 1 : 0.35}
        />
      ))}
    </svg>
  );
}
