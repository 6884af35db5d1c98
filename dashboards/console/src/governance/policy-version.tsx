import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { must, type PolicyVersion, type Schemas } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { Fact, Facts, IdText } from "../ui/fact.tsx";
import { countOf } from "../ui/figures.ts";
import { Heading, Loading, Panel } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { POLICY_STATES } from "./policies.tsx";
import { policyVersionQuery } from "./queries.ts";

/** One version of the tenant's policies: its texts, what its cases say, what it changes, and the way into force and back. */
export function PolicyVersionPage({ id }: { readonly id: string }) {
  const version = useQuery(policyVersionQuery(useClient(), id));
  if (version.data === undefined)
    return version.error === null ? (
      <Loading what="the policies" />
    ) : (
      <TroubleNote error={version.error} onRetry={() => void version.refetch()} />
    );
  const { number, note, state, text, cases } = version.data;
  return (
    <div className="space-y-5">
      <Heading title={`Policies, version ${number}`}>
        <span>{POLICY_STATES[state]}</span>
      </Heading>
      <Steps version={version.data} />
      <Panel title="Policies">
        {note !== "" && <p className="mb-3">{note}</p>}
        <ScrollBox label="Text of the policies">{text}</ScrollBox>
      </Panel>
      {cases !== "" && (
        <Panel title="Cases">
          <ScrollBox label="Text of the cases">{cases}</ScrollBox>
        </Panel>
      )}
    </div>
  );
}

function Steps({ version }: { readonly version: PolicyVersion }) {
  const client = useClient();
  const queries = useQueryClient();
  const params = { path: { id: version.id } };
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["policies"] });
  const test = useMutation({ mutationFn: () => must(client.api.POST("/v1/policies/{id}/test", { params })), onSuccess });
  const analysis = useMutation({ mutationFn: () => must(client.api.POST("/v1/policies/{id}/analysis", { params })), onSuccess });
  const activation = useMutation({ mutationFn: () => must(client.api.POST("/v1/policies/{id}/activate", { params })), onSuccess });
  const rollBack = useMutation({ mutationFn: () => must(client.api.POST("/v1/policies/{id}/roll-back", { params })), onSuccess });
  const all = [test, analysis, activation, rollBack];
  const busy = all.some(({ isPending }) => isPending) ? "The last request is on its way." : undefined;
  const error = all.map((each) => each.error).find((each) => each !== null);
  const untold =
    version.tests === undefined ? "Run its cases first." : version.analysis === undefined ? "Look at what it changes first." : busy;
  return (
    <Panel title="Before and after it comes into force">
      <div className="space-y-4">
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => test.mutate()} unavailable={busy}>
            Run its cases
          </Button>
          <Button onClick={() => analysis.mutate()} unavailable={busy}>
            See what it changes
          </Button>
          {version.state === "active" ? (
            <Button look="grave" onClick={() => rollBack.mutate()} unavailable={busy}>
              Take it back
            </Button>
          ) : (
            <Button look="main" onClick={() => activation.mutate()} unavailable={untold}>
              Put in force
            </Button>
          )}
        </div>
        {error !== undefined && error !== null && <TroubleNote error={error} />}
        <Facts>
          <Fact name="Text">
            <IdText>{version.hash}</IdText>
          </Fact>
          {version.tests !== undefined && (
            <Fact name="Cases">
              {version.tests.passed} passed, {version.tests.failed} failed, <Ago at={version.tests.at} />
            </Fact>
          )}
          {version.analysis !== undefined && (
            <Fact name="Analysis">
              {version.analysis.widened} requests allowed that were not, {version.analysis.narrowed} refused that were not,{" "}
              {version.analysis.obliged} with other demands
            </Fact>
          )}
        </Facts>
        {test.data !== undefined && <Cases cases={test.data.cases} />}
        {analysis.data !== undefined && <Analysis analysis={analysis.data.analysis} />}
      </div>
    </Panel>
  );
}

function Cases({ cases }: { readonly cases: readonly Schemas["PolicyCaseOutcome"][] }) {
  return (
    <ul className="space-y-1 text-sm" aria-label="What came of the cases">
      {cases.map(({ name, passed, why }) => (
        <li key={name}>
          <span className={passed ? "text-good" : "font-semibold text-bad"}>{passed ? "✓ passed" : "✕ failed"}</span> {name}
          {why !== undefined && `: ${why}`}
        </li>
      ))}
    </ul>
  );
}

/** What the new text decides otherwise, by examples; how far it was looked is said with it. */
function Analysis({ analysis }: { readonly analysis: Schemas["PolicyAnalysis"] }) {
  const parts = [
    ["Allowed that was not", analysis.widened],
    ["Refused that was not", analysis.narrowed],
  ] as const;
  return (
    <div className="space-y-3 text-sm">
      <p className="text-soft">
        {analysis.isExhaustive
          ? "Every request that the policies can tell apart was tried."
          : "Not every request was tried; what is not found here may still change."}
      </p>
      {parts.map(([name, { count, examples }]) => (
        <section key={name}>
          <h3 className="font-medium">
            {name}: {countOf(count, "request")}
          </h3>
          {examples.length > 0 && (
            <ScrollBox label={`${name}, examples`}>
              {examples.map(({ action, request }) => `${action} ${JSON.stringify(request)}`).join("\n")}
            </ScrollBox>
          )}
        </section>
      ))}
    </div>
  );
}
