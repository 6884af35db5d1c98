import { useState } from "react";
import { countOf } from "../ui/figures.ts";
import { TASK } from "../ui/state.tsx";
import { useNow } from "../ui/time.tsx";
import { useWidth } from "../ui/use-width.ts";
import { GraphTools } from "./graph-tools.tsx";
import { type GraphStep, layersOf } from "./layers.ts";
import { DOT, DOT_PITCH, dotsARow, HEADING_HEIGHT, type Placement, placementOf, type Size } from "./placement.ts";
import { countsOf, isFound, MAX_STEPS_SHOWN_WHOLE, type Section, sectionName, sectionsOf, wantsAttention } from "./sections.ts";
import { StepNode } from "./step-node.tsx";

interface StepGraphProps {
  readonly steps: readonly GraphStep[];
  /** `task`, `step`: what one of them is called. */
  readonly noun: string;
  readonly chosen: string | undefined;
  readonly onChoose: (step: string | undefined) => void;
}

/**
 * The steps by waves, with lines from what each needs. Choosing one tells more about it and shows its lines. A large graph folds the waves in which
 * nothing goes on to dots; what is looked for is unfolded.
 */
export function StepGraph({ steps, noun, chosen, onChoose }: StepGraphProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const now = useNow(steps.some((step) => step.state === "running"));
  const [wanted, setWanted] = useState("");
  const [size, setSize] = useState<Size>("medium");
  /** Sections that someone has folded or unfolded by hand. */
  const [byHand, setByHand] = useState<ReadonlyMap<number, boolean>>(new Map());
  const sections = sectionsOf(layersOf(steps));
  const isLarge = steps.length > MAX_STEPS_SHOWN_WHOLE;
  const isOpen = (section: Section) =>
    !isLarge ||
    section.steps.some((step) => step.step === chosen || isFound(step, wanted)) ||
    (byHand.get(section.id) ?? wantsAttention(section));
  const placement = placementOf(sections, isOpen, width, size);
  const found = steps.filter((step) => isFound(step, wanted)).length;
  return (
    <>
      {isLarge && (
        <GraphTools
          noun={noun}
          wanted={wanted}
          found={found}
          onWanted={setWanted}
          size={size}
          onSize={setSize}
          onFoldAll={(open) => setByHand(new Map(sections.map(({ id }) => [id, open])))}
        />
      )}
      <div ref={ref} className="relative" style={{ height: placement.height }}>
        {width > 0 && (
          <>
            <Lines placement={placement} chosen={chosen} width={width} />
            {sections.map((section, i) => (
              <section key={section.id} aria-label={sectionName(section)}>
                {placement.sections[i]?.dotsAt === undefined ? (
                  <Unfolded
                    {...{ section, placement, noun, size, now, chosen, wanted, onChoose }}
                    layerTops={placement.sections[i]?.layerTops ?? []}
                    onFold={isLarge ? () => setByHand(new Map(byHand).set(section.id, false)) : undefined}
                  />
                ) : (
                  <Folded
                    section={section}
                    noun={noun}
                    top={placement.sections[i]?.top ?? 0}
                    width={width}
                    onUnfold={() => setByHand(new Map(byHand).set(section.id, true))}
                  />
                )}
              </section>
            ))}
          </>
        )}
      </div>
    </>
  );
}

interface UnfoldedProps {
  readonly section: Section;
  readonly layerTops: readonly number[];
  readonly placement: Placement;
  readonly noun: string;
  readonly size: Size;
  readonly now: number;
  readonly chosen: string | undefined;
  readonly wanted: string;
  readonly onChoose: (step: string | undefined) => void;
  readonly onFold: (() => void) | undefined;
}

function Unfolded({ section, layerTops, placement, noun, size, now, chosen, wanted, onChoose, onFold }: UnfoldedProps) {
  return section.layers.map((layer, i) => (
    <div key={layer.wave}>
      <h3 className="absolute left-0 text-xs font-semibold text-soft" style={{ top: layerTops[i], height: HEADING_HEIGHT }}>
        Wave {layer.wave} · {countOf(layer.steps.length, noun)}
        {onFold !== undefined && i === 0 && (
          <button
            type="button"
            aria-expanded="true"
            onClick={onFold}
            className="ml-2 min-h-6 rounded-md px-1.5 text-accent hover:underline"
          >
            Fold {sectionName(section).toLowerCase()}
          </button>
        )}
      </h3>
      <ul>
        {layer.steps.map((step) => (
          <li
            key={step.step}
            className="absolute"
            style={{
              left: placement.spots.get(step.step)?.x,
              top: placement.spots.get(step.step)?.y,
              width: placement.nodeWidth,
              height: placement.nodeHeight,
            }}
          >
            <StepNode {...{ step, size, now, onChoose }} isChosen={chosen === step.step} isFound={isFound(step, wanted)} />
          </li>
        ))}
      </ul>
    </div>
  ));
}

interface FoldedProps {
  readonly section: Section;
  readonly noun: string;
  readonly top: number;
  readonly width: number;
  readonly onUnfold: () => void;
}

/** A section as a row of dots, one a step, in the colour of where it stands. */
function Folded({ section, noun, top, width, onUnfold }: FoldedProps) {
  const told = countsOf(section.steps).map(([state, count]) => `${count} ${TASK[state].word.toLowerCase()}`);
  const row = dotsARow(width);
  const rows = Math.ceil(section.steps.length / row);
  return (
    <div className="absolute left-0" style={{ top, width }}>
      <h3 className="text-xs font-semibold text-soft" style={{ height: HEADING_HEIGHT }}>
        <button type="button" aria-expanded="false" onClick={onUnfold} className="min-h-6 rounded-md text-left hover:underline">
          {sectionName(section)} · {countOf(section.steps.length, noun)}: {told.join(", ")}
        </button>
      </h3>
      <svg aria-hidden="true" width={width} height={rows * DOT_PITCH}>
        {section.steps.map((step, i) => (
          <rect
            key={step.step}
            x={(i % row) * DOT_PITCH}
            y={Math.floor(i / row) * DOT_PITCH}
            width={DOT}
            height={DOT}
            rx={2}
            className={`${TASK[step.state].ink} fill-current`}
            opacity={step.state === "pending" ? 0.4 : 1}
          >
            <title>{step.title}</title>
          </rect>
        ))}
      </svg>
    </div>
  );
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
