import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { must, type Project, type SomaClient } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { projectQuery } from "../api/queries.ts";

/** What a person can ask of a project. */
export type Change =
  | { readonly ask: "pause" | "resume" | "cancel" }
  | { readonly ask: "retry"; readonly step: string }
  | { readonly ask: "answer"; readonly text: string }
  | { readonly ask: "decide"; readonly decision: "approve" | "refuse" | "revise"; readonly notes: string };

/** Asks the project for a change; the project as it then stands is shown at once. */
export function useChange(id: string): UseMutationResult<Project, Error, Change> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => request(client, id, change),
    onSuccess: (project) => {
      queries.setQueryData(projectQuery(client, id).queryKey, project);
      void queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
}

function request({ api }: SomaClient, id: string, change: Change): Promise<Project> {
  const params = { path: { id } };
  switch (change.ask) {
    case "pause":
      return must(api.POST("/v1/kamachiq/projects/{id}/pause", { params }));
    case "resume":
      return must(api.POST("/v1/kamachiq/projects/{id}/resume", { params }));
    case "cancel":
      return must(api.POST("/v1/kamachiq/projects/{id}/cancel", { params }));
    case "retry":
      return must(api.POST("/v1/kamachiq/projects/{id}/tasks/{step}/retry", { params: { path: { id, step: change.step } } }));
    case "answer":
      return must(api.POST("/v1/kamachiq/projects/{id}/answers", { params, body: { text: change.text } }));
    case "decide":
      return must(api.POST("/v1/kamachiq/projects/{id}/gate", { params, body: { decision: change.decision, notes: change.notes } }));
    default:
      return change satisfies never;
  }
}
