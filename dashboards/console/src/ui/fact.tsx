import type { ReactNode } from "react";

interface FactsProps {
  /** Values stand at the right edge, as in a narrow column of figures. */
  readonly isColumn?: boolean;
  readonly children: ReactNode;
}

/** Facts about one thing, name beside value. */
export function Facts({ isColumn = false, children }: FactsProps) {
  return <dl className={`grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm ${isColumn ? "[&>dd]:text-right" : "mt-2"}`}>{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 tabular-nums">{children}</dd>
    </>
  );
}

/** A name that programs use. */
export function Code({ children }: { readonly children: ReactNode }) {
  return <code className="font-mono text-[0.8125rem]">{children}</code>;
}

/** An id, small since nobody reads it, and chosen whole at a click. */
export function IdText({ children }: { readonly children: string }) {
  return <span className="font-mono text-[0.6875rem] leading-5 select-all">{children}</span>;
}
