import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { sendNoting, useReachable } from "../api/connection.ts";

/** Between two looks whether the platform can be reached again. */
const LOOK_MS = 2_000;

/** Says that the platform cannot be reached, looks until it can, and then brings everything shown up to date. */
export function OfflineBanner() {
  const isReachable = useReachable();
  const queries = useQueryClient();
  useEffect(() => {
    if (isReachable) return;
    const look = () => void sendNoting(new Request("/healthz", { cache: "no-store" })).catch(() => undefined);
    const timer = setInterval(look, LOOK_MS);
    window.addEventListener("online", look);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", look);
      void queries.invalidateQueries();
    };
  }, [isReachable, queries]);
  return (
    <div role="status">
      {!isReachable && (
        <p className="border-b border-warn bg-panel px-4 py-2 text-center text-sm font-medium text-warn">
          The platform cannot be reached. What you see may be old; connecting again …
        </p>
      )}
    </div>
  );
}
