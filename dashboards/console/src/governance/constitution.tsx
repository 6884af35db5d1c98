import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { must, type Schemas } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { IdText } from "../ui/fact.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { LINE, LINE_LINK, Listing } from "../ui/listing.tsx";
import { Heading, Loading, Panel } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { constitutionQuery, constitutionVersionsQuery } from "./queries.ts";

/** What binds every agent of the tenant: the articles in force, their hash, and the versions there are and were. */
export function Constitution() {
  const client = useClient();
  const constitution = useQuery(constitutionQuery(client));
  const versions = useInfiniteQuery(constitutionVersionsQuery(client));
  return (
    <div className="space-y-5">
      <Heading title="Constitution" />
      {constitution.isPending && <Loading what="the constitution" />}
      {constitution.error !== null && <TroubleNote error={constitution.error} onRetry={() => void constitution.refetch()} />}
      {constitution.data !== undefined && <InForce constitution={constitution.data} />}
      <Panel title="Versions">
        <div className="space-y-4">
          <Listing
            list={versions}
            what="versions"
            empty={<p>The tenant has added nothing to the platform's constitution yet.</p>}
            keyOf={({ id }) => id}
          >
            {(version) => (
              <li className={LINE}>
                <Link to="/governance/constitution/$id" params={{ id: version.id }} className={LINE_LINK}>
                  {version.number}. {version.title}
                </Link>
                <span className="text-sm text-soft">
                  <Ago at={version.updatedAt} />
                </span>
                <span>{STATES[version.state]}</span>
              </li>
            )}
          </Listing>
        </div>
      </Panel>
      <NewVersion />
    </div>
  );
}

/** Where a version stands, in words. */
export const STATES: Readonly<Record<Schemas["ConstitutionVersion"]["state"], string>> = {
  draft: "Draft",
  approved: "Approved",
  scheduled: "Has its time",
  "in-force": "In force",
  retired: "Was in force",
  discarded: "Discarded",
};

function InForce({ constitution: { hash, platform, tenant } }: { readonly constitution: Schemas["Constitution"] }) {
  return (
    <Panel title="In force" aside={<IdText>{hash}</IdText>}>
      <Articles document={platform} whose="The platform's" />
      {tenant !== undefined && <Articles document={tenant} whose="The tenant's" />}
    </Panel>
  );
}

function Articles({ document, whose }: { readonly document: Schemas["ConstitutionDocument"]; readonly whose: string }) {
  return (
    <section className="mt-3 first:mt-0">
      <h3 className="font-semibold">
        {whose}: {document.title}
      </h3>
      <ul className="mt-2 space-y-2">
        {document.articles.map(({ id, title, text, rationale, policies, moderation }) => (
          <li key={id}>
            <details>
              <summary className="font-medium">{title}</summary>
              <p className="mt-1 whitespace-pre-wrap">{text}</p>
              {rationale !== "" && <p className="mt-1 text-sm whitespace-pre-wrap text-soft">{rationale}</p>}
              {policies !== "" && <ScrollBox label={`Policies of ${title}`}>{policies}</ScrollBox>}
              {moderation !== "" && <ScrollBox label={`Moderation of ${title}`}>{moderation}</ScrollBox>}
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewVersion() {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const draft = useMutation({
    mutationFn: () => must(client.api.POST("/v1/constitution/versions", { body: { text, note: note.trim() } })),
    onSuccess: async ({ id }) => {
      void queries.invalidateQueries({ queryKey: ["constitution"] });
      await navigate({ to: "/governance/constitution/$id", params: { id } });
    },
  });
  const missing = draft.isPending ? "The draft is being read." : text.trim() === "" ? "Write its text first." : undefined;
  return (
    <Panel title="A new version">
      <form
        className="space-y-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (missing === undefined) draft.mutate();
        }}
      >
        <TextArea
          label="Text"
          value={text}
          maxLength={100_000}
          spellCheck
          placeholder={"# Constitution of the Survey\n\n## Sources {#sources}\n\nAn agent names the file that a figure comes from."}
          onChange={(event) => setText(event.target.value)}
          hint="Markdown: one heading, then articles, each with an id in braces. What does not fit is told by line and column."
        />
        <TextField
          label="Note"
          value={note}
          maxLength={2_000}
          onChange={(event) => setNote(event.target.value)}
          hint="To those who approve."
        />
        <Button look="main" type="submit" unavailable={missing}>
          Draft it
        </Button>
        {draft.error !== null && <TroubleNote error={draft.error} />}
      </form>
    </Panel>
  );
}
