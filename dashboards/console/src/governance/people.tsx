import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { done, must, type Schemas } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { LINE, Listing } from "../ui/listing.tsx";
import { Heading, Panel } from "../ui/page.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { rolesQuery, usersQuery } from "./queries.ts";

type User = Schemas["User"];

/** Who may sign in, with which roles, and how that is taken away. */
export function People() {
  const client = useClient();
  const users = useInfiniteQuery(usersQuery(client));
  const roles = useQuery(rolesQuery(client));
  const names = roles.data?.items.map(({ name }) => name) ?? [];
  return (
    <div className="space-y-5">
      <Heading title="People" />
      <Invitation roles={names} />
      <Listing list={users} what="people" empty={<p className="font-medium text-ink">Nobody was invited yet.</p>} keyOf={({ id }) => id}>
        {(user) => <Person user={user} roles={names} />}
      </Listing>
    </div>
  );
}

function Invitation({ roles }: { readonly roles: readonly string[] }) {
  const client = useClient();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("member");
  const invite = useMutation({
    mutationFn: () => must(client.api.POST("/v1/users", { body: { email: email.trim(), roles: [role], invite: true } })),
    onSuccess: () => {
      setEmail("");
      void queries.invalidateQueries({ queryKey: ["users"] });
    },
  });
  const missing = invite.isPending ? "The invitation is on its way." : email.trim() === "" ? "Whom? Give an e-mail address." : undefined;
  return (
    <Panel title="Invite someone">
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (missing === undefined) invite.mutate();
        }}
      >
        <div className="min-w-56 flex-1">
          <TextField label="E-mail" type="email" value={email} maxLength={254} onChange={(event) => setEmail(event.target.value)} />
        </div>
        <SelectField label="Role" value={role} choices={roles.map((name) => [name, name] as const)} onChoose={setRole} />
        <Button look="main" type="submit" unavailable={missing}>
          Invite
        </Button>
      </form>
      {invite.error !== null && <TroubleNote error={invite.error} />}
    </Panel>
  );
}

function Person({ user, roles }: { readonly user: User; readonly roles: readonly string[] }) {
  const client = useClient();
  const queries = useQueryClient();
  const params = { path: { id: user.id } };
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["users"] });
  const active = useMutation({
    mutationFn: (isActive: boolean) => must(client.api.PATCH("/v1/users/{id}", { params, body: { active: isActive } })),
    onSuccess,
  });
  const signOut = useMutation({ mutationFn: () => done(client.api.POST("/v1/users/{id}/sign-out", { params })), onSuccess });
  const role = useMutation({
    mutationFn: (name: string) => done(client.api.PUT("/v1/users/{id}/roles", { params, body: { roles: [name] } })),
    onSuccess,
  });
  const error = active.error ?? signOut.error ?? role.error;
  const busy = active.isPending || signOut.isPending || role.isPending ? "The last request is on its way." : undefined;
  const [first = ""] = user.roles;
  return (
    <li className={LINE}>
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{user.displayName === "" ? user.email : user.displayName}</p>
        <p className="text-sm text-soft">
          {user.email}
          {!user.active && ", may not sign in"}
          {user.lastSignInAt !== undefined && (
            <>
              , signed in <Ago at={user.lastSignInAt} />
            </>
          )}
        </p>
        {error !== null && <TroubleNote error={error} />}
      </div>
      <SelectField
        label={`Role of ${user.email}`}
        value={first}
        choices={[...new Set([first, ...roles])].map((name) => [name, name === "" ? "none" : name] as const)}
        onChoose={(name) => role.mutate(name)}
      />
      <Button onClick={() => signOut.mutate()} unavailable={busy}>
        Sign out everywhere
      </Button>
      <Button look={user.active ? "grave" : "plain"} onClick={() => active.mutate(!user.active)} unavailable={busy}>
        {user.active ? "Deactivate" : "Activate"}
      </Button>
    </li>
  );
}
