import { beforeAll, describe, expect, it } from "vitest";
import { logIdOf } from "../../../clients/verifier/check-records.ts";
import { payloadHash, recordLine } from "../../../workers/audit/log/leaf-record.ts";
import { forgedLog, newLogKey } from "../../faults/forged-log.ts";
import { proveTamper, type TamperProof } from "../../faults/prove-tamper.ts";
import { ATTACKS } from "../../faults/tamper-attacks.ts";

const TENANT = "ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
const LEAVES = 560;

/** Records and payloads as the platform writes them, of five objects in turns. */
function honestLog() {
  const events = Array.from({ length: LEAVES }, (_, i) => {
    const salt = i.toString(16).padStart(32, "0");
    const data = { step: `s${i}`, reason: "because" };
    const record = {
      v: 1 as const,
      tenant: TENANT,
      object: `run_${i % 5}`,
      seq: Math.floor(i / 5) + 1,
      at: 1_700_000_000_000 + i,
      type: "step.skipped",
    };
    return { record: recordLine({ ...record, payload: payloadHash(salt, data) }), payload: JSON.stringify({ salt, data }) };
  });
  const contents = { tenant: TENANT, records: events.map(({ record }) => record), payloads: events.map(({ payload }) => payload) };
  return forgedLog(contents, newLogKey(`unit.test/tlog/${logIdOf(TENANT)}`));
}

describe("whoever tampers with a log", () => {
  let proof: TamperProof;
  beforeAll(async () => {
    proof = await proveTamper(honestLog());
  }, 60_000);

  it("has forty ways and more to try", () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
  });

  it.each(ATTACKS.map(({ name }, i) => [name, i] as const))("is found out: %s", (_, i) => {
    const { isDetected, said } = proof.outcomes[i] ?? {};
    expect(isDetected, said).toBe(true);
  });
});
