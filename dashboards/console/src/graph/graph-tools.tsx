import { Button } from "../ui/button.tsx";
import { countOf } from "../ui/figures.ts";
import { SIZES, type Size } from "./placement.ts";

interface GraphToolsProps {
  readonly noun: string;
  readonly wanted: string;
  readonly found: number;
  readonly onWanted: (wanted: string) => void;
  readonly size: Size;
  readonly onSize: (size: Size) => void;
  readonly onFoldAll: (open: boolean) => void;
}

/** What one does with a large graph: look for a step, make it smaller or larger, fold its waves. */
export function GraphTools({ noun, wanted, found, onWanted, size, onSize, onFoldAll }: GraphToolsProps) {
  const sizes = Object.keys(SIZES).filter(isSize);
  const at = sizes.indexOf(size);
  const [smaller, larger] = [sizes[at - 1], sizes[at + 1]];
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2 text-sm">
      <label className="flex min-w-0 flex-1 basis-48 items-center gap-2">
        <span className="text-soft">Find</span>
        <input
          type="search"
          value={wanted}
          placeholder={`a ${noun} by its title, name or kind`}
          onChange={(event) => onWanted(event.target.value)}
          className="w-full min-w-0 rounded-lg border border-edge bg-panel px-2.5 py-1.5 text-ink placeholder:text-soft"
        />
      </label>
      <span role="status" className="text-soft tabular-nums">
        {wanted.trim() === "" ? "" : `${countOf(found, noun)} found`}
      </span>
      <Button
        aria-label="Smaller"
        onClick={() => smaller && onSize(smaller)}
        unavailable={smaller === undefined ? "It is as small as it goes." : undefined}
      >
        −
      </Button>
      <Button
        aria-label="Larger"
        onClick={() => larger && onSize(larger)}
        unavailable={larger === undefined ? "It is as large as it goes." : undefined}
      >
        +
      </Button>
      <Button onClick={() => onFoldAll(false)}>Fold all</Button>
      <Button onClick={() => onFoldAll(true)}>Unfold all</Button>
    </div>
  );
}

function isSize(name: string): name is Size {
  return Object.hasOwn(SIZES, name);
}
