import type { Clock } from "../../../platform/clock.ts";
import { Problem } from "../../../platform/problem.ts";
import { openFor, sealFor } from "../../sealed.ts";
import { findTotp, insertTotp, type Person, takeStep } from "../store.ts";
import { newTotp, stepOfCode, type TotpEnrolment } from "./totp.ts";

/**
 * Begins to set up an authenticator app: what is returned is shown once, and proves nothing until a code of it was right. Begun again, the
 * new secret takes the place of one that was not confirmed.
 * @param label whose it is, as the app shows it
 * @throws Problem `conflict` when the user has one already
 */
export async function enrolAuthenticator(env: Env, clock: Clock, person: Person, label: string): Promise<TotpEnrolment> {
  const enrolment = newTotp(label);
  const row = {
    ...person,
    sealedSecret: await sealFor(env, purposeOf(person), enrolment.secret),
    createdAt: clock.now(),
    confirmedAt: null,
    lastStep: 0,
  };
  if (!(await insertTotp(env, row))) throw new Problem("conflict", "There is an authenticator app already; remove it first.");
  return enrolment;
}

/** True when the code is the user's authenticator's and was not used before; the first that is right confirms it. */
export async function confirmsAuthenticator(env: Env, clock: Clock, person: Person, code: string): Promise<boolean> {
  return takesCode(env, clock, person, code, "any");
}

/** True when the code is that of a confirmed authenticator of the user and was not used before. It is used up by this. */
export async function verifiesCode(env: Env, clock: Clock, person: Person, code: string): Promise<boolean> {
  return takesCode(env, clock, person, code, "confirmed");
}

async function takesCode(env: Env, clock: Clock, person: Person, code: string, which: "any" | "confirmed"): Promise<boolean> {
  const row = await findTotp(env, person);
  if (row === undefined || (which === "confirmed" && row.confirmedAt === null)) return false;
  const secret = await openFor(env, purposeOf(person), row.sealedSecret);
  const now = clock.now();
  const step = stepOfCode(secret, code, now, row.lastStep);
  return step !== undefined && takeStep(env, person, row.sealedSecret, step, now);
}

function purposeOf({ tenant, user }: Person): string {
  return `totp/${tenant}/${user}`;
}
