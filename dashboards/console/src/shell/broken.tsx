import { Heading } from "../ui/page.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

/** What is shown in place of a view that broke: what it was, and the way to load it anew. */
export function Broken({ error }: { readonly error: unknown }) {
  return (
    <div className="space-y-3">
      <Heading title="This view broke" />
      <TroubleNote error={error} onRetry={() => window.location.reload()} />
    </div>
  );
}
