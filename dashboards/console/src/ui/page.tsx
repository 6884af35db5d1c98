import { type ReactNode, useEffect } from "react";

/** The heading of a view; the document takes its title, and gets it for those who hear the page. */
export function Heading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · SomaAgent`;
  }, [title]);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <h1 className="min-w-0 flex-1 basis-64 text-2xl leading-tight font-semibold text-balance">{title}</h1>
      {children}
    </div>
  );
}

interface PanelProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a view. */
export function Panel({ title, aside, children }: PanelProps) {
  return (
    <section aria-label={title} className="min-w-0 rounded-xl border border-line bg-panel p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-base font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <p role="status" className="flex items-center gap-2 py-6 text-soft">
      <span aria-hidden="true" className="size-4 motion-safe:animate-spin rounded-full border-2 border-line border-t-accent" />
      Loading {what} …
    </p>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <div className="rounded-xl border border-dashed border-edge p-8 text-center text-soft">{children}</div>;
}
