import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { IdText } from "../ui/fact.tsx";
import { TextField } from "../ui/field.tsx";
import { LINE, Listing } from "../ui/listing.tsx";
import { Heading, Loading } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { type AuditSearch, auditQuery, inclusionQuery } from "./queries.ts";

/** What happened, newest first, as the audit log has it. */
export function Audit({ search }: { readonly search: AuditSearch }) {
  const list = useInfiniteQuery(auditQuery(useClient(), search));
  return (
    <div className="space-y-5">
      <Heading title="Audit" />
      <SearchForm key={JSON.stringify(search)} search={search} />
      <Listing
        list={list}
        what="what happened"
        empty={<p className="font-medium text-ink">The audit log has nothing of that.</p>}
        keyOf={({ id }) => id}
      >
        {(event) => (
          <li className={LINE}>
            <details className="min-w-0 flex-1 basis-56">
              <summary className="font-medium">{event.type.replace(/^io\.somaagent\.|\.v\d+$/g, "")}</summary>
              <div className="mt-2">
                <ScrollBox label={`Data of ${event.id}`}>{JSON.stringify(event.data, null, 2)}</ScrollBox>
                <Proof id={event.id} />
              </div>
            </details>
            <IdText>{event.id}</IdText>
            <span className="text-sm text-soft">
              <Ago at={event.time} />
            </span>
          </li>
        )}
      </Listing>
    </div>
  );
}

/** The event's place in the transparency log, and its way to a signed checkpoint. Asked for when someone wants to see it. */
function Proof({ id }: { readonly id: string }) {
  const [isAsked, setIsAsked] = useState(false);
  const end = id.lastIndexOf("/");
  const proof = useQuery({ ...inclusionQuery(useClient(), id.slice(0, end), Number(id.slice(end + 1))), enabled: isAsked });
  if (!isAsked)
    return (
      <div className="mt-2">
        <Button onClick={() => setIsAsked(true)}>Show its proof</Button>
      </div>
    );
  if (proof.error !== null) return <TroubleNote error={proof.error} onRetry={() => void proof.refetch()} />;
  if (proof.data === undefined) return <Loading what="the proof" />;
  return (
    <div className="mt-2 space-y-2">
      <p className="text-sm">
        Leaf {proof.data.index} of {proof.data.size}; `soma audit verify` checks all of them without us.
      </p>
      <ScrollBox label={`Proof of ${id}`}>{proof.data.tlogProof}</ScrollBox>
    </div>
  );
}

function SearchForm({ search }: { readonly search: AuditSearch }) {
  const navigate = useNavigate();
  const [object, setObject] = useState(search.object ?? "");
  const [type, setType] = useState(search.type ?? "");
  const look = (event: FormEvent) => {
    event.preventDefault();
    void navigate({
      to: "/governance/audit",
      search: { ...(object.trim() === "" ? {} : { object: object.trim() }), ...(type.trim() === "" ? {} : { type: type.trim() }) },
    });
  };
  return (
    <form onSubmit={look} className="flex flex-wrap items-end gap-3">
      <div className="min-w-48 flex-1">
        <TextField label="Where" value={object} placeholder="prj_…" maxLength={200} onChange={(event) => setObject(event.target.value)} />
      </div>
      <div className="min-w-40 flex-1">
        <TextField label="What" value={type} placeholder="step.done" maxLength={100} onChange={(event) => setType(event.target.value)} />
      </div>
      <Button look="main" type="submit">
        Search
      </Button>
    </form>
  );
}
