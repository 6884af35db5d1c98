import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { must } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { projectQuery } from "../api/queries.ts";
import { Button } from "../ui/button.tsx";
import { FilesField, TextArea, TextField } from "../ui/field.tsx";
import { Heading } from "../ui/page.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

interface Order {
  readonly title: string;
  readonly brief: string;
  readonly files: readonly File[];
}

/** A brief with its files becomes a project. */
export function NewProject() {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [order, setOrder] = useState<Order>({ title: "", brief: "", files: [] });
  const [isUploading, setIsUploading] = useState("");
  const create = useMutation({
    mutationFn: async ({ title, brief, files }: Order) => {
      const attachments: string[] = [];
      for (const file of files) {
        setIsUploading(file.name);
        attachments.push((await client.upload(file.name, file)).id);
      }
      setIsUploading("");
      return must(client.api.POST("/v1/kamachiq/projects", { body: { title: title.trim(), brief, attachments } }));
    },
    onSuccess: async (project) => {
      queries.setQueryData(projectQuery(client, project.id).queryKey, project);
      void queries.invalidateQueries({ queryKey: ["projects"] });
      await navigate({ to: "/projects/$id", params: { id: project.id } });
    },
  });
  return (
    <div className="mx-auto max-w-3xl space-y-5">
      <Heading title="New project" />
      <form
        className="space-y-5 rounded-xl border border-line bg-panel p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (order.brief.trim() !== "") create.mutate(order);
        }}
      >
        <TextArea
          label="Brief"
          rows={8}
          required
          maxLength={200_000}
          value={order.brief}
          onChange={(event) => setOrder({ ...order, brief: event.target.value })}
          hint="Say in plain language what you want to know, one wish or question a line. What the planner cannot match to your files it asks about."
        />
        <FilesField
          label="Files"
          files={order.files}
          onFiles={(files) => setOrder({ ...order, files })}
          hint="Tables as CSV, TSV, JSON, NDJSON or GeoJSON; documents as Markdown, text or HTML. Up to 32 files of 100 MB."
        />
        <TextField
          label="Title"
          maxLength={200}
          value={order.title}
          onChange={(event) => setOrder({ ...order, title: event.target.value })}
          hint="May stay empty: the plan gives one."
        />
        <div className="flex items-center gap-3">
          <Button look="main" type="submit" unavailable={create.isPending ? "The project is being made." : undefined}>
            Start the project
          </Button>
          <span role="status" className="text-sm text-soft">
            {create.isPending && (isUploading === "" ? "Starting …" : `Uploading ${isUploading} …`)}
          </span>
        </div>
        {create.error !== null && <TroubleNote error={create.error} />}
      </form>
    </div>
  );
}
