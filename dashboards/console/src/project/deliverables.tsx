import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Project } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { bytesText, countOf } from "../ui/figures.ts";
import { LINK } from "../ui/link-style.ts";
import { Panel } from "../ui/page.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { contentQuery, type Manifest, manifestQuery } from "./manifest.ts";
import { Preview } from "./preview.tsx";

/** Files listed before someone asks for the rest: the report comes first, its drawings last. */
const FILES_LISTED = 4;

interface DeliverablesProps {
  readonly project: Project;
  /** The name of the file that is looked at. */
  readonly chosen: string | undefined;
}

/** What the project delivered, where each file comes from, and how it looks. */
export function Deliverables({ project, chosen }: DeliverablesProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { data: manifest } = useQuery(manifestQuery(client, project.id));
  const [isWhole, setIsWhole] = useState(false);
  const listed = isWhole ? project.deliverables : project.deliverables.slice(0, FILES_LISTED);
  const shown = project.deliverables.find((file) => file.name === (chosen ?? "report.html"));
  const download = useMutation({
    mutationFn: (file: Project["deliverables"][number]) => queries.fetchQuery(contentQuery(client, project.id, file)),
    onSuccess: ({ bytes }, file) => save(bytes, file.name),
  });
  return (
    <Panel title="Deliverables">
      <ul className="divide-y divide-line">
        {listed.map((file) => (
          <li key={file.name} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <div className="min-w-0 flex-1 basis-64">
              <Link
                to="/projects/$id"
                params={{ id: project.id }}
                search={(look) => ({ ...look, file: file.name })}
                resetScroll={false}
                aria-current={file === shown ? "true" : undefined}
                className={`${LINK} font-medium`}
              >
                {file.name}
              </Link>
              <p className="text-xs text-soft">
                {bytesText(file.bytes)} · SHA-256{" "}
                <code title={file.sha256} className="font-mono">
                  {file.sha256.slice(0, 16)}…
                </code>
                {manifest !== undefined && <Provenance manifest={manifest} name={file.name} />}
              </p>
            </div>
            <Button
              aria-label={`Download ${file.name}`}
              onClick={() => download.mutate(file)}
              unavailable={download.isPending && download.variables === file ? "It is on its way." : undefined}
            >
              Download
            </Button>
          </li>
        ))}
      </ul>
      {project.deliverables.length > listed.length && (
        <div className="mt-2">
          <Button onClick={() => setIsWhole(true)}>Show {countOf(project.deliverables.length - listed.length, "more file")}</Button>
        </div>
      )}
      {download.error !== null && <TroubleNote error={download.error} />}
      {manifest !== undefined && (
        <p className="mt-1 text-sm text-soft">
          Approved by {manifest.review.approvedBy === "person" ? "a person" : "the review"}.{" "}
          {manifest.sources.length > 0 && `Made from ${manifest.sources.map((source) => source.name).join(", ")}.`}
        </p>
      )}
      {shown !== undefined && (
        <div className="mt-4">
          <h3 className="mb-2 font-semibold">{shown.name}</h3>
          <Preview key={shown.name} project={project.id} file={shown} />
        </div>
      )}
    </Panel>
  );
}

/** Which step made a file, from the results of which tasks. */
function Provenance({ manifest, name }: { readonly manifest: Manifest; readonly name: string }) {
  const entry = manifest.deliverables.find((candidate) => candidate.name === name);
  if (entry === undefined) return null;
  const goals = manifest.steps.filter((step) => entry.madeFrom.includes(step.step)).map((step) => step.goal);
  return (
    <span title={goals.join("\n")}>
      {" "}
      · made by {entry.madeBy} from {countOf(entry.madeFrom.length, "task")}
    </span>
  );
}

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name.split("/").at(-1) ?? name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
