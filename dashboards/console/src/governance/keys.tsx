import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { done, must } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { Code } from "../ui/fact.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { LINE, Listing } from "../ui/listing.tsx";
import { Heading, Panel } from "../ui/page.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { keysQuery } from "./queries.ts";

const ROLES = [
  ["viewer", "Viewer: sees work"],
  ["member", "Member: works"],
  ["admin", "Administrator: governs"],
] as const;

/** The tenant's API keys: who made which, when they were last used, and how they are taken back. */
export function Keys() {
  const list = useInfiniteQuery(keysQuery(useClient()));
  return (
    <div className="space-y-5">
      <Heading title="API keys" />
      <NewKey />
      <Listing list={list} what="API keys" empty={<p>There are no keys.</p>} keyOf={({ id }) => id}>
        {(key) => (
          <li className={LINE}>
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium">{key.name}</p>
              <p className="text-sm text-soft">
                {key.role}, ends in <Code>{key.lastFour}</Code>, made <Ago at={key.createdAt} />
                {key.lastUsedAt !== undefined && (
                  <>
                    , used <Ago at={key.lastUsedAt} />
                  </>
                )}
              </p>
            </div>
            {key.revokedAt === undefined ? <Revoke id={key.id} name={key.name} /> : <span className="text-soft">Revoked</span>}
          </li>
        )}
      </Listing>
    </div>
  );
}

function NewKey() {
  const client = useClient();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<(typeof ROLES)[number][0]>("member");
  const make = useMutation({
    mutationFn: () => must(client.api.POST("/v1/api-keys", { body: { name: name.trim(), role } })),
    onSuccess: () => {
      setName("");
      void queries.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  const missing = make.isPending ? "The key is being made." : name.trim() === "" ? "Give it a name first." : undefined;
  return (
    <Panel title="A new key">
      <form
        className="space-y-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (missing === undefined) make.mutate();
        }}
      >
        <TextField label="Name" value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
        <SelectField label="Role" value={role} choices={ROLES} onChoose={setRole} />
        <Button look="main" type="submit" unavailable={missing}>
          Make it
        </Button>
        {make.error !== null && <TroubleNote error={make.error} />}
        {make.data !== undefined && (
          <p role="status" className="rounded-lg bg-sunken p-3 text-sm">
            This is shown once: <code className="font-mono select-all">{make.data.secret}</code>
          </p>
        )}
      </form>
    </Panel>
  );
}

function Revoke({ id, name }: { readonly id: string; readonly name: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => done(client.api.DELETE("/v1/api-keys/{id}", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  return (
    <>
      {revoke.error !== null && <TroubleNote error={revoke.error} />}
      <Button
        look="grave"
        aria-label={`Revoke ${name}`}
        onClick={() => revoke.mutate()}
        unavailable={revoke.isPending ? "It is being revoked." : undefined}
      >
        Revoke
      </Button>
    </>
  );
}
