import { Secret, TOTP } from "otpauth";
import { renderSVG } from "uqr";

/** What authenticator apps agree on (RFC 6238 with SHA-1, six digits, thirty seconds); some of them ignore any other setting. */
const FORM = { algorithm: "SHA1", digits: 6, period: 30 } as const;
/** 160 bits, the length of the hash (RFC 4226 §4, R6). */
const SECRET_BYTES = 20;
/** Steps before and after the present one that are taken: a person types slowly, and a phone's clock drifts (RFC 6238 §5.2). */
const DRIFT_STEPS = 1;

/** What a new authenticator is set up with. */
export interface TotpEnrolment {
  /** In base 32, as a person types it. */
  readonly secret: string;
  /** The key URI that authenticator apps read. */
  readonly uri: string;
  /** The same as a QR code, an SVG document. */
  readonly qrSvg: string;
}

/**
 * A new secret with what an authenticator app needs of it. It is shown once.
 * @param label whose it is, as the app shows it: an e-mail address
 */
export function newTotp(label: string): TotpEnrolment {
  const totp = new TOTP({ ...FORM, issuer: "SomaAgent", label, secret: new Secret({ size: SECRET_BYTES }) });
  const uri = totp.toString();
  return { secret: totp.secret.base32, uri, qrSvg: renderSVG(uri, { border: 2 }) };
}

/**
 * The time step (RFC 6238 §4.2) that a code belongs to; undefined when it is not the code of the present step, the one before or the
 * one after, or of a step not after `lastStep`: a code is good once, also for who looked over a shoulder.
 * @param secret in base 32
 * @param now milliseconds since the epoch
 */
export function stepOfCode(secret: string, code: string, now: number, lastStep: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ ...FORM, secret: Secret.fromBase32(secret) });
  const present = totp.counter({ timestamp: now });
  // Every step that may fit is looked at: the library stops at the first, which may be one that was used.
  for (let step = Math.max(present - DRIFT_STEPS, lastStep + 1); step <= present + DRIFT_STEPS; step += 1) {
    const timestamp = step * FORM.period * 1_000;
    if (totp.validate({ token: code, timestamp, window: 0 }) !== null) return step;
  }
  return undefined;
}
