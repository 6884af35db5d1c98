import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type KillSwitch as KillSwitchRecord, must } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { LINE, Listing } from "../ui/listing.tsx";
import { Heading, Panel } from "../ui/page.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { switchesQuery } from "./queries.ts";

const SCOPES = [
  ["tenant", "Everything of this tenant"],
  ["agent", "An agent"],
  ["capsule", "A capsule"],
  ["tool", "A tool"],
  ["model", "A model"],
] as const;
type Scope = (typeof SCOPES)[number][0];

/** What can be stopped, what is, and what was. */
export function KillSwitch() {
  const client = useClient();
  const list = useInfiniteQuery(switchesQuery(client));
  return (
    <div className="space-y-5">
      <Heading title="Kill switch" />
      <ThrowForm />
      <Listing
        list={list}
        what="kill switches"
        empty={<p className="font-medium text-ink">No kill switch was ever thrown here.</p>}
        keyOf={({ id }) => id}
      >
        {(each) => <SwitchLine record={each} />}
      </Listing>
    </div>
  );
}

function ThrowForm() {
  const client = useClient();
  const queries = useQueryClient();
  const [scope, setScope] = useState<Scope>("tenant");
  const [target, setTarget] = useState("");
  const [reason, setReason] = useState("");
  const stop = useMutation({
    mutationFn: (drill: boolean) =>
      must(
        client.api.POST("/v1/kill-switch", {
          body: { scope, reason: reason.trim(), drill, ...(scope === "tenant" ? {} : { target: target.trim() }) },
        }),
      ),
    onSuccess: () => {
      setReason("");
      setTarget("");
      void queries.invalidateQueries({ queryKey: ["kill-switch"] });
    },
  });
  const isWhole = reason.trim() !== "" && (scope === "tenant" || target.trim() !== "");
  const missing = stop.isPending ? "The switch is being thrown." : isWhole ? undefined : "Say what to stop, and why.";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing === undefined) stop.mutate(false);
  };
  return (
    <Panel title="Stop something">
      <form className="space-y-4" onSubmit={submit}>
        <SelectField label="What" value={scope} choices={SCOPES} onChoose={setScope} />
        {scope !== "tenant" && (
          <TextField
            label="Its name"
            value={target}
            maxLength={200}
            placeholder={scope === "tool" ? "http.fetch" : "analyst"}
            onChange={(event) => setTarget(event.target.value)}
          />
        )}
        <TextField
          label="Reason"
          value={reason}
          maxLength={1_000}
          onChange={(event) => setReason(event.target.value)}
          hint="Kept in the audit log. No step begins after this, streams are cut; what is stopped goes on by itself after the release."
        />
        <div className="flex flex-wrap gap-2">
          <Button look="grave" type="submit" unavailable={missing}>
            Stop now
          </Button>
          <Button onClick={() => stop.mutate(true)} unavailable={missing}>
            Only a drill
          </Button>
        </div>
        {stop.error !== null && <TroubleNote error={stop.error} />}
      </form>
    </Panel>
  );
}

/** What is stopped, in words. */
export function whatIsStopped({ scope, target }: Pick<KillSwitchRecord, "scope" | "target">): string {
  if (scope === "everything") return "The whole platform";
  return scope === "tenant" ? "Everything of this tenant" : `The ${scope} ${target ?? ""}`;
}

function SwitchLine({ record }: { readonly record: KillSwitchRecord }) {
  const client = useClient();
  const queries = useQueryClient();
  const release = useMutation({
    mutationFn: () => must(client.api.POST("/v1/kill-switch/{id}/release", { params: { path: { id: record.id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["kill-switch"] }),
  });
  const isThrown = record.state !== "released";
  const words = record.drill ? "Drill" : isThrown ? "Stopped" : "Released";
  return (
    <li className={LINE}>
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{whatIsStopped(record)}</p>
        <p className="text-sm text-soft">
          {record.reason} · {record.thrownBy}, <Ago at={record.thrownAt} />
          {record.releasedAt !== undefined && (
            <>
              {" "}
              · released by {record.releasedBy}, <Ago at={record.releasedAt} />
            </>
          )}
        </p>
        {record.state === "release-asked" && (
          <p className="text-sm text-warn">{record.releaseAskedBy} asks for the release; another person must confirm it.</p>
        )}
        {release.error !== null && <TroubleNote error={release.error} />}
      </div>
      <span className={isThrown && !record.drill ? "font-semibold text-bad" : "text-soft"}>{words}</span>
      {isThrown && (
        <Button
          onClick={() => release.mutate()}
          unavailable={record.isOperators ? "Only an operator releases it." : release.isPending ? "The release is on its way." : undefined}
        >
          {record.state === "release-asked" ? "Confirm the release" : "Release"}
        </Button>
      )}
    </li>
  );
}
