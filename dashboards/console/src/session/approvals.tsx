import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { done } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import type { Approval } from "./conversation.ts";

interface ApprovalCardProps {
  readonly session: string;
  readonly approval: Approval;
}

/** A call that may only be made when a person says so. */
export function ApprovalCard({ session, approval }: ApprovalCardProps) {
  const client = useClient();
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: (decision: "approve" | "refuse") =>
      done(
        client.api.POST("/v1/sessions/{id}/approvals/{step}", {
          params: { path: { id: session, step: approval.step } },
          body: { decision, ...(note.trim() === "" ? {} : { note: note.trim() }) },
        }),
      ),
  });
  const busy = decide.isPending || decide.isSuccess ? "Your decision is on its way." : undefined;
  return (
    <section aria-label="A call waits for you" className="space-y-3 rounded-xl border border-warn bg-panel p-4">
      <h2 className="font-semibold">
        May the agent call <code className="font-mono">{approval.tool}</code>?
      </h2>
      <p>{approval.reason}</p>
      <ScrollBox label="What it would be called with">{approval.input}</ScrollBox>
      <TextField
        label="Note"
        maxLength={2_000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        hint="May stay empty; it is kept with the decision."
      />
      <div className="flex gap-2">
        <Button look="main" onClick={() => decide.mutate("approve")} unavailable={busy}>
          Approve
        </Button>
        <Button look="grave" onClick={() => decide.mutate("refuse")} unavailable={busy}>
          Refuse
        </Button>
      </div>
      {decide.error !== null && <TroubleNote error={decide.error} />}
    </section>
  );
}
