import type { ReactNode } from "react";

interface ScrollBoxProps {
  readonly label: string;
  readonly children: ReactNode;
  /** Code keeps its spaces and has letters of one width. */
  readonly isCode?: boolean;
}

/** Text that may be long: it scrolls in its own place, also by keyboard. */
export function ScrollBox({ label, children, isCode = true }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a landmark for every piece of text would be too many; a named group is enough
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={`max-h-96 overflow-auto whitespace-pre-wrap ${isCode ? "rounded-lg bg-sunken p-3 font-mono text-xs" : "text-sm"}`}
    >
      {children}
    </div>
  );
}
