import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../api/client.ts";
import { whatIsStopped } from "../governance/kill-switch.tsx";
import { thrownQuery } from "../governance/queries.ts";

/** Says over every page what a kill switch has stopped. Who may not see the switches is told nothing. */
export function StoppedBanner() {
  const { data } = useQuery({ ...thrownQuery(useClient()), retry: false });
  const thrown = data?.items.filter(({ drill }) => !drill) ?? [];
  return (
    <div role="status">
      {thrown.length > 0 && (
        <p className="border-b border-bad bg-panel px-4 py-2 text-center text-sm font-medium text-bad">
          Stopped by a kill switch: {thrown.map(whatIsStopped).join("; ")}.{" "}
          <Link to="/governance/kill-switch" className="underline">
            Look at it
          </Link>
        </p>
      )}
    </div>
  );
}
