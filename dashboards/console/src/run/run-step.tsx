import { Link } from "@tanstack/react-router";
import type { Run } from "../../../../clients/sdk/client.ts";
import { StepDetails } from "../graph/step-details.tsx";
import { Fact } from "../ui/fact.tsx";
import { LINK } from "../ui/link-style.ts";

interface RunStepProps {
  readonly step: Run["steps"][number];
  readonly titles: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

/** One step of a run: with how its items stand, and the run that it began. */
export function RunStep({ step, titles, onClose }: RunStepProps) {
  const facts = (
    <>
      {step.inside !== undefined && (
        <Fact name="Inside it">
          {Object.entries(step.inside)
            .map(([state, count]) => `${count} ${state}`)
            .join(", ")}
        </Fact>
      )}
      {step.child?.startsWith("run_") === true && (
        <Fact name="Run">
          <Link to="/runs/$id" params={{ id: step.child }} className={LINK}>
            Look at the run it started
          </Link>
        </Fact>
      )}
    </>
  );
  return <StepDetails what="step" step={step} titles={titles} onClose={onClose} facts={facts} />;
}
