import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { must, type PolicyVersion } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { countOf } from "../ui/figures.ts";
import { LINE, LINE_LINK, Listing } from "../ui/listing.tsx";
import { Heading, Panel } from "../ui/page.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { policyVersionsQuery } from "./queries.ts";

/** Where a version stands, in words. */
export const POLICY_STATES: Readonly<Record<PolicyVersion["state"], string>> = {
  draft: "Draft",
  tested: "Tested",
  active: "In force",
  retired: "Was in force",
};

/** The tenant's own policies: every version, the newest first, and a new draft. */
export function Policies() {
  const list = useInfiniteQuery(policyVersionsQuery(useClient()));
  return (
    <div className="space-y-5">
      <Heading title="Policies" />
      <Listing
        list={list}
        what="policies"
        empty={
          <>
            <p className="font-medium text-ink">There are no policies of your own yet.</p>
            <p className="mt-1">The platform's and the constitution's are in force all the same; yours can only forbid or demand more.</p>
          </>
        }
        keyOf={({ id }) => id}
      >
        {(version) => (
          <li className={LINE}>
            <Link to="/governance/policies/$id" params={{ id: version.id }} className={LINE_LINK}>
              {version.number}. {version.note === "" ? countOf(version.policies, "policy", "policies") : version.note}
            </Link>
            <span className="text-sm text-soft">
              {version.createdBy}, <Ago at={version.createdAt} />
            </span>
            <span>{POLICY_STATES[version.state]}</span>
          </li>
        )}
      </Listing>
      <NewPolicies />
    </div>
  );
}

function NewPolicies() {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [cases, setCases] = useState("");
  const [note, setNote] = useState("");
  const draft = useMutation({
    mutationFn: () => must(client.api.POST("/v1/policies", { body: { text, cases, note: note.trim() } })),
    onSuccess: async ({ id }) => {
      void queries.invalidateQueries({ queryKey: ["policies"] });
      await navigate({ to: "/governance/policies/$id", params: { id } });
    },
  });
  const missing = draft.isPending ? "The draft is being read." : text.trim() === "" ? "Write a policy first." : undefined;
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
          label="Policies"
          value={text}
          spellCheck={false}
          placeholder={'@id("no-spending")\nforbid (principal, action == Action::"tool", resource)\nwhen { resource.risk == "spend" };'}
          onChange={(event) => setText(event.target.value)}
          hint="Cedar, each with an @id. What does not parse or fit the schema is told by line and column."
        />
        <TextArea
          label="Cases"
          value={cases}
          spellCheck={false}
          placeholder={"- nobody spends: { role: admin, tool: ads.buy, risk: spend, effect: deny }"}
          onChange={(event) => setCases(event.target.value)}
          hint="YAML: what must be decided how. A version without cases cannot come into force."
        />
        <TextField label="Note" value={note} maxLength={2_000} onChange={(event) => setNote(event.target.value)} />
        <Button look="main" type="submit" unavailable={missing}>
          Draft it
        </Button>
        {draft.error !== null && <TroubleNote error={draft.error} />}
      </form>
    </Panel>
  );
}
