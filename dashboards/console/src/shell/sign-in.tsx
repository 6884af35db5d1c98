import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { must } from "../../../../clients/sdk/client.ts";
import { leaveToSignIn } from "../account/code-flow.ts";
import { keepKey } from "../account/key.ts";
import { useRefusal } from "../account/user.ts";
import { clientFor } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Heading } from "../ui/page.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

/** Lets a person sign in as a user, or with an API key, which is tried before it is kept. */
export function SignIn({ wasRefused }: { readonly wasRefused: unknown }) {
  const [key, setKey] = useState("");
  const signIn = useMutation({
    mutationFn: (candidate: string) => must(clientFor(candidate).api.GET("/v1/tenants/current", {})),
    onSuccess: (_tenant, candidate) => keepKey(candidate),
  });
  const refusal = useRefusal();
  const error = signIn.error ?? wasRefused ?? refusal;
  return (
    <main className="mx-auto max-w-md space-y-5 px-4 py-12">
      <Heading title="Sign in to SomaAgent" />
      <section className="space-y-3 rounded-xl border border-line bg-panel p-5">
        <p>Sign in as yourself: with your password, a passkey, or your organisation.</p>
        <Button look="main" onClick={() => void leaveToSignIn("visibly")}>
          Continue with your account
        </Button>
      </section>
      <form
        className="space-y-4 rounded-xl border border-line bg-panel p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() !== "") signIn.mutate(key.trim());
        }}
      >
        <TextField
          label="API key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          required
          value={key}
          onChange={(event) => setKey(event.target.value)}
          hint={
            <>
              <code className="font-mono">npm start</code> prints one, with an address that signs in by itself. The key stays in this tab
              and is forgotten when you close it.
            </>
          }
        />
        <Button look="main" type="submit" unavailable={signIn.isPending ? "The key is being tried." : undefined}>
          {signIn.isPending ? "Signing in …" : "Sign in"}
        </Button>
        {error != null && !signIn.isPending && <TroubleNote error={error} />}
      </form>
    </main>
  );
}
