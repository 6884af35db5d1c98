import type { Clock } from "../../platform/clock.ts";
import { newId, type TenantId } from "../../platform/ids.ts";
import { settings } from "../../platform/settings.ts";
import { describeError, log } from "../../platform/telemetry.ts";
import { seal } from "../../secrets/envelope.ts";
import { insertNotification } from "./store.ts";

/** One letter to one person. */
export interface Letter {
  readonly tenant: TenantId;
  readonly user: string;
  readonly to: string;
  readonly subject: string;
  /** Plain text. It may hold a link that opens something, so it goes nowhere else. */
  readonly text: string;
  /** When the link in it opens nothing any more, and the text need not be kept. */
  readonly expiresAt: number;
}

/** Cloudflare's Email Service, where the deployment has bound it as EMAIL. */
interface MailBinding {
  readonly EMAIL?: Pick<SendEmail, "send">;
}

/**
 * Sends a letter by Cloudflare's Email Service when it is bound and SOMA_MAIL_FROM names the sender. Otherwise, or when it does not take
 * the letter, the text is kept sealed for an administrator to hand over (GET /v1/notifications). The outcome is on record either way.
 */
export async function sendLetter(env: Env & MailBinding, clock: Clock, letter: Letter): Promise<void> {
  const now = clock.now();
  const state = await trySend(env, letter);
  const id = newId("notification", now);
  await insertNotification(env, {
    id,
    tenant: letter.tenant,
    user: letter.user,
    recipient: letter.to,
    subject: letter.subject,
    state,
    sealedText: state === "sent" ? null : await seal(env, { tenant: letter.tenant, purpose: `notification/${id}` }, letter.text),
    createdAt: now,
    expiresAt: letter.expiresAt,
  });
}

async function trySend(env: Env & MailBinding, { tenant, to, subject, text }: Letter): Promise<"sent" | "kept" | "failed"> {
  const from = settings(env).SOMA_MAIL_FROM;
  if (env.EMAIL === undefined || from === undefined) return "kept";
  try {
    await env.EMAIL.send({ from, to, subject, text });
    return "sent";
  } catch (error) {
    log("error", "mail.failed", { tenant }, { error: describeError(error) });
    return "failed";
  }
}
