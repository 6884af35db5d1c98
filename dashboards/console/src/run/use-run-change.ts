import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { must, type Run, type SomaClient } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { runQuery } from "../api/queries.ts";

/** What a person can ask of a run. */
export type RunChange =
  | { readonly ask: "pause" | "resume" }
  | { readonly ask: "cancel"; readonly mode: "graceful" | "hard" }
  | { readonly ask: "decide"; readonly step: string; readonly decision: "approve" | "refuse" }
  | { readonly ask: "tell"; readonly step: string; readonly text: string };

/** Asks the run for a change; the run as it then stands is shown at once. */
export function useRunChange(id: string): UseMutationResult<Run, Error, RunChange> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: RunChange) => request(client, id, change),
    onSuccess: (run) => {
      queries.setQueryData(runQuery(client, id).queryKey, run);
      void queries.invalidateQueries({ queryKey: ["runs"] });
    },
  });
}

function request({ api }: SomaClient, id: string, change: RunChange): Promise<Run> {
  const params = { path: { id } };
  switch (change.ask) {
    case "pause":
      return must(api.POST("/v1/mao/runs/{id}/pause", { params }));
    case "resume":
      return must(api.POST("/v1/mao/runs/{id}/resume", { params }));
    case "cancel":
      return must(api.POST("/v1/mao/runs/{id}/cancel", { params, body: { mode: change.mode } }));
    case "decide":
      return must(
        api.POST("/v1/mao/runs/{id}/steps/{step}/answer", {
          params: { path: { id, step: change.step } },
          body: { decision: change.decision },
        }),
      );
    case "tell":
      return must(
        api.POST("/v1/mao/runs/{id}/steps/{step}/answer", { params: { path: { id, step: change.step } }, body: { text: change.text } }),
      );
    default:
      return change satisfies never;
  }
}
