import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ConstitutionDiff, type ConstitutionVersion, must, type SomaClient } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { Fact, Facts, IdText } from "../ui/fact.tsx";
import { TextField } from "../ui/field.tsx";
import { Heading, Loading, Panel } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { STATES } from "./constitution.tsx";
import { constitutionDiffQuery, constitutionVersionQuery } from "./queries.ts";

/** One version: what it says otherwise, who approves of it, and what can be done with it where it stands. */
export function ConstitutionVersionPage({ id }: { readonly id: string }) {
  const client = useClient();
  const version = useQuery(constitutionVersionQuery(client, id));
  const diff = useQuery(constitutionDiffQuery(client, id));
  if (version.data === undefined)
    return version.error === null ? (
      <Loading what="the version" />
    ) : (
      <TroubleNote error={version.error} onRetry={() => void version.refetch()} />
    );
  return (
    <div className="space-y-5">
      <Heading title={`${version.data.number}. ${version.data.title}`}>
        <span>{STATES[version.data.state]}</span>
      </Heading>
      <Steps version={version.data} />
      <Approvals version={version.data} />
      {diff.data !== undefined && <Difference diff={diff.data} />}
      {diff.error !== null && <TroubleNote error={diff.error} onRetry={() => void diff.refetch()} />}
    </div>
  );
}

/** What a person can ask for a version. */
type Ask =
  | { readonly ask: "approve" | "withdraw" }
  | { readonly ask: "activate"; readonly at: string | undefined }
  | { readonly ask: "roll-back"; readonly reason: string };

function request({ api }: SomaClient, { id, sha256 }: ConstitutionVersion, order: Ask): Promise<ConstitutionVersion> {
  const params = { path: { id } };
  switch (order.ask) {
    case "approve":
      return must(api.POST("/v1/constitution/versions/{id}/approvals", { params, body: { sha256 } }));
    case "withdraw":
      return must(api.DELETE("/v1/constitution/versions/{id}/approvals", { params }));
    case "activate":
      return must(api.POST("/v1/constitution/versions/{id}/activate", { params, body: order.at === undefined ? {} : { at: order.at } }));
    case "roll-back":
      return must(api.POST("/v1/constitution/versions/{id}/roll-back", { params, body: { reason: order.reason } }));
    default:
      return order satisfies never;
  }
}

function Steps({ version }: { readonly version: ConstitutionVersion }) {
  const client = useClient();
  const queries = useQueryClient();
  const [at, setAt] = useState("");
  const [reason, setReason] = useState("");
  const change = useMutation({
    mutationFn: (order: Ask) => request(client, version, order),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["constitution"] }),
  });
  const busy = change.isPending ? "The last request is on its way." : undefined;
  const isOpen = version.state === "draft" || version.state === "approved" || version.state === "scheduled";
  const lacking = version.approvalsCounted < version.approvalsNeeded ? "The quorum is not there yet." : busy;
  return (
    <Panel title="What can be done">
      <div className="space-y-4">
        <div className="flex flex-wrap gap-2">
          <Button look="main" onClick={() => change.mutate({ ask: "approve" })} unavailable={busy}>
            Approve this text
          </Button>
          <Button onClick={() => change.mutate({ ask: "withdraw" })} unavailable={busy}>
            Withdraw my approval
          </Button>
        </div>
        {isOpen && (
          <div className="flex flex-wrap items-end gap-3">
            <TextField label="In force from" type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
            <Button
              look="main"
              onClick={() => change.mutate({ ask: "activate", at: at === "" ? undefined : new Date(at).toISOString() })}
              unavailable={lacking}
            >
              {at === "" ? "Put in force now" : "Set its time"}
            </Button>
          </div>
        )}
        {version.state === "retired" && (
          <div className="flex flex-wrap items-end gap-3">
            <TextField label="Reason" value={reason} maxLength={2_000} onChange={(event) => setReason(event.target.value)} />
            <Button
              look="grave"
              onClick={() => change.mutate({ ask: "roll-back", reason: reason.trim() })}
              unavailable={reason.trim() === "" ? "Say why." : lacking}
            >
              Put in force again
            </Button>
          </div>
        )}
        {change.error !== null && <TroubleNote error={change.error} />}
      </div>
    </Panel>
  );
}

function Approvals({ version }: { readonly version: ConstitutionVersion }) {
  return (
    <Panel
      title="Approvals"
      aside={
        <p className="text-sm text-soft">
          {version.approvalsCounted} of {version.approvalsNeeded} that are needed
        </p>
      }
    >
      <Facts>
        <Fact name="Text">
          <IdText>{version.sha256}</IdText>
        </Fact>
        {version.note !== "" && <Fact name="Note">{version.note}</Fact>}
        {version.scheduledFor !== undefined && <Fact name="Comes into force">{new Date(version.scheduledFor).toLocaleString("en")}</Fact>}
        {version.approvals.map(({ by, at, note }) => (
          <Fact key={by} name={by}>
            <Ago at={at} />
            {note !== undefined && `: ${note}`}
          </Fact>
        ))}
      </Facts>
    </Panel>
  );
}

function Difference({ diff }: { readonly diff: ConstitutionDiff }) {
  const changed = diff.articles;
  return (
    <Panel title="What it says otherwise than what is in force">
      {diff.isSame && <p>Nothing.</p>}
      {!diff.isSame && changed.length === 0 && <p>Its heading, its preamble or its quorum.</p>}
      <ul className="space-y-3">
        {changed.map(({ article, change, parts, before, after }) => (
          <li key={article}>
            <h3 className="font-medium">
              <code className="font-mono">{article}</code>: {change}
              {parts.length > 0 && ` (${parts.join(", ")})`}
            </h3>
            {before !== undefined && (
              <div className="mt-1 border-l-2 border-bad pl-3 text-soft">
                <ScrollBox label={`${article} before`} isCode={false}>
                  {wholeOf(before)}
                </ScrollBox>
              </div>
            )}
            {after !== undefined && (
              <div className="mt-1 border-l-2 border-good pl-3">
                <ScrollBox label={`${article} after`} isCode={false}>
                  {wholeOf(after)}
                </ScrollBox>
              </div>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function wholeOf({
  title,
  text,
  rationale,
  policies,
  moderation,
}: Omit<NonNullable<ConstitutionDiff["articles"][number]["after"]>, "id">): string {
  return [title, text, rationale, policies, moderation].filter((part) => part !== "").join("\n\n");
}
