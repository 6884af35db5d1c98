import { logIdOf } from "../../clients/verifier/check-records.ts";
import { memorySource } from "../../clients/verifier/source.ts";
import { verifyLog } from "../../clients/verifier/verify.ts";
import { contentsOf, forgedLog, newLogKey } from "./forged-log.ts";
import { ATTACKS } from "./tamper-attacks.ts";

/** What came of one attack. */
export interface Outcome {
  readonly attack: string;
  readonly isDetected: boolean;
  /** What the verification said first of the place where it had to say something. */
  readonly said: string;
}

/** What came of all attacks. */
export interface TamperProof {
  readonly isSound: boolean;
  readonly leaves: number;
  readonly attacks: number;
  readonly detected: number;
  readonly outcomes: readonly Outcome[];
}

/**
 * Attacks a log in every way there is, and looks what a verification says of it. The log is signed anew with a key made here, since some attackers have
 * the log's key, and the platform gives its own to nobody; it must hold before it is attacked, as it is and so signed.
 * @param files an export of a real log of more than 512 leaves
 * @throws Error when the log does not hold before it is attacked
 */
export async function proveTamper(files: ReadonlyMap<string, Buffer>): Promise<TamperProof> {
  await mustHold(files, undefined);
  const contents = contentsOf(files);
  const key = newLogKey(`prove.test/tlog/${logIdOf(contents.tenant)}`);
  const log = forgedLog(contents, key);
  await mustHold(log, key.vkey);
  const otherTenant = "ten_other";
  const others = contents.records.map((line) => line.replace(`"tenant":"${contents.tenant}"`, `"tenant":"${otherTenant}"`));
  const other = forgedLog(
    { ...contents, tenant: otherTenant, records: others },
    { ...key, ...newLogKey(`prove.test/tlog/${logIdOf(otherTenant)}`) },
  );
  const outcomes: Outcome[] = [];
  for (const { name, forge, known, where } of ATTACKS) {
    const target = { files: log, contents, key, other };
    const { findings, isSound } = await verifyLog(memorySource(name, forge(target)), { ...known?.(target), key: key.vkey });
    const said = findings.find((finding) => where.test(finding.where));
    outcomes.push({
      attack: name,
      isDetected: !isSound && said !== undefined,
      said: said === undefined ? "" : `${said.where}: ${said.what}`,
    });
  }
  const detected = outcomes.filter(({ isDetected }) => isDetected).length;
  return { isSound: detected === ATTACKS.length, leaves: contents.records.length, attacks: ATTACKS.length, detected, outcomes };
}

async function mustHold(files: ReadonlyMap<string, Buffer>, key: string | undefined): Promise<void> {
  const { isSound, findings } = await verifyLog(memorySource("the log", files), { key });
  if (!isSound) throw new Error(`The log does not hold before it is attacked: ${JSON.stringify(findings.slice(0, 3))}`);
}
