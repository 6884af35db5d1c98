import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../api/client.ts";
import { Code, Fact, Facts } from "../ui/fact.tsx";
import { SelectField } from "../ui/field.tsx";
import { LINE, Listing } from "../ui/listing.tsx";
import { Heading } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { Ago } from "../ui/time.tsx";
import { decisionsQuery } from "./queries.ts";

const EFFECTS = [
  ["any", "All that is kept"],
  ["deny", "Refused"],
  ["allow", "Allowed (a sample)"],
] as const;
type Effect = (typeof EFFECTS)[number][0];

/** What the guard decided: every refusal, and a sample of what it allowed. */
export function Decisions() {
  const [effect, setEffect] = useState<Effect>("any");
  const list = useInfiniteQuery(decisionsQuery(useClient(), effect === "any" ? undefined : effect));
  return (
    <div className="space-y-5">
      <Heading title="Decisions" />
      <div className="max-w-56">
        <SelectField label="Which" value={effect} choices={EFFECTS} onChoose={setEffect} />
      </div>
      <Listing
        list={list}
        what="decisions"
        empty={<p className="font-medium text-ink">No decision is kept of that kind.</p>}
        keyOf={({ id }) => id}
      >
        {(decision) => (
          <li className={LINE}>
            <details className="min-w-0 flex-1 basis-56">
              <summary className="font-medium">
                <span className={decision.effect === "deny" ? "text-bad" : "text-good"}>
                  {decision.effect === "deny" ? "Refused" : "Allowed"}
                </span>{" "}
                {decision.action} {decision.resource}
              </summary>
              <Facts>
                <Fact name="Who">{decision.subject}</Fact>
                <Fact name="Why">{decision.reason}</Fact>
                {decision.policies.length > 0 && (
                  <Fact name="By">
                    <Code>{decision.policies.join(", ")}</Code>
                  </Fact>
                )}
                {decision.obligations.length > 0 && <Fact name="With">{decision.obligations.join(", ")}</Fact>}
                {decision.standsFor > 1 && <Fact name="Stands for">{decision.standsFor} like it</Fact>}
              </Facts>
              <div className="mt-2">
                <ScrollBox label={`The question of ${decision.id}`}>{JSON.stringify(decision.request, null, 2)}</ScrollBox>
              </div>
            </details>
            <span className="text-sm text-soft">
              <Ago at={decision.at} />
            </span>
          </li>
        )}
      </Listing>
    </div>
  );
}
