import type { Context } from "hono";
import { systemClock } from "../../platform/clock.ts";
import { parseId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import type { HttpEnv } from "../../platform/route.ts";
import { type LinkPurpose, newMailLink } from "../sign-in/mail-link.ts";
import { readTenant } from "../store.ts";
import type { UserRow } from "../users/store.ts";
import { sendLetter } from "./send.ts";

/** What each letter says. `organisation` is the tenant's name, which its administrator chose: it goes into plain text alone. */
const LETTERS: Readonly<Record<LinkPurpose, { subject: string; text: (organisation: string, link: string) => string }>> = {
  invitation: {
    subject: "You are invited",
    text: (organisation, link) =>
      `${organisation} invites you to work with its agents.\n\nSet a password and sign in within seven days:\n${link}\n\nIf you did not expect this, do nothing.\n`,
  },
  "password-reset": {
    subject: "Set a new password",
    text: (organisation, link) =>
      `Somebody, probably you, asked for a new password at ${organisation}.\n\nSet it within 30 minutes:\n${link}\n\nIf it was not you, do nothing: your password stays as it is.\n`,
  },
  address: {
    subject: "Confirm your e-mail address",
    text: (organisation, link) => `Confirm within a day that this address is yours at ${organisation}:\n${link}\n`,
  },
};

/** Sends a user the way in. @throws Problem `conflict` when it is deactivated */
export async function sendInvitation(context: Context<HttpEnv>, user: UserRow): Promise<void> {
  if (!user.active) throw new Problem("conflict", `The user ${user.id} is deactivated; activate it before you invite it.`);
  await send(context, user, "invitation");
}

/** Sends a user a link to set a new password; one that is deactivated gets nothing, and whoever asked is not told. */
export async function sendPasswordReset(context: Context<HttpEnv>, user: UserRow): Promise<void> {
  if (user.active) await send(context, user, "password-reset");
}

/** Asks the owner of a new address to confirm it. */
export async function sendAddressCheck(context: Context<HttpEnv>, user: UserRow): Promise<void> {
  if (user.active) await send(context, user, "address");
}

async function send(context: Context<HttpEnv>, user: UserRow, purpose: LinkPurpose): Promise<void> {
  const { env, req } = context;
  const tenant = parseId("tenant", user.tenant);
  const organisation = (await readTenant(env, tenant))?.name ?? "";
  const { path, expiresAt } = await newMailLink(env, systemClock, user, purpose);
  const { subject, text } = LETTERS[purpose];
  const link = new URL(path, req.url).href;
  await sendLetter(env, systemClock, { tenant, user: user.id, to: user.email, subject, text: text(organisation, link), expiresAt });
}
