import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { idPattern, type parseId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { defineRoute, type HttpEnv, newRouter } from "../../platform/route.ts";
import { readUser } from "../users/store.ts";
import { factorProofSchema, factorsOf, hasSecondFactor, totpCodeSchema, verifyFactor } from "./factors.ts";
import { authenticationOptions } from "./passkeys/authenticate.ts";
import { MAX_TICKET_CHARACTERS, relyingParty } from "./passkeys/challenge.ts";
import { registerPasskey, registrationOptions } from "./passkeys/register.ts";
import { registrationResponseSchema } from "./passkeys/responses.ts";
import { newRecoveryCodes } from "./recovery-codes.ts";
import { factorsSchema, passkeySchema, toFactors, toPasskey } from "./resources.ts";
import { demandMfa, SELF_SERVICE_MFA_AGE_MS } from "./step-up.ts";
import { steppedUpToken } from "./stepped-up-token.ts";
import { deletePasskey, deleteTotp, type Person, renamePasskey } from "./store.ts";
import { confirmsAuthenticator, enrolAuthenticator } from "./totp/authenticator.ts";

/** One's own second factors, for clients that hold a token of the person. Our pages do the same for a browser. */
export const mfaRoutes = newRouter();

const passkeyNameSchema = z.string().trim().min(1).max(100).openapi({ example: "Ada's phone" });
const passkeyParamsSchema = z.object({ id: z.string().regex(idPattern("passkey")) });
const json = <T extends z.ZodType>(schema: T, description: string) => ({ description, content: { "application/json": { schema } } });
const body = <T extends z.ZodType>(schema: T) => ({ body: { required: true, content: { "application/json": { schema } } } });
const optionsSchema = z
  .object({
    options: z
      .record(z.string(), z.unknown())
      .openapi({ description: "For `navigator.credentials`, as its JSON (WebAuthn Level 3 §5.1)." }),
    ticket: z.string().openapi({ description: "To be sent back with the browser's answer within five minutes." }),
  })
  .openapi("PasskeyOptions");

const list = defineRoute(
  { capability: "account.write" },
  {
    method: "get",
    path: "/v1/auth/mfa",
    operationId: "readSecondFactors",
    tags: ["Identity"],
    summary: "Read one's own second factors",
    responses: { 200: json(factorsSchema, "What there is; nothing for a program, which has no factors.") },
  },
);

mfaRoutes.openapi(list, async (context) => {
  const { tenant, subject } = context.get("principal");
  return context.json(toFactors(await factorsOf(context.env, { tenant, user: subject })), 200);
});

const enrol = defineRoute(
  { capability: "account.write" },
  {
    method: "post",
    path: "/v1/auth/mfa/totp",
    operationId: "enrolAuthenticator",
    tags: ["Identity"],
    summary: "Begin to set up an authenticator app",
    responses: {
      201: json(
        z.object({ secret: z.string(), uri: z.string(), qrSvg: z.string() }).openapi("AuthenticatorEnrolment"),
        "The secret, shown this once; it proves nothing until a code of it is confirmed.",
      ),
    },
  },
);

mfaRoutes.openapi(enrol, async (context) => {
  const person = await grownPerson(context);
  const user = await readUser(context.env, person.tenant, person.user);
  return context.json(await enrolAuthenticator(context.env, systemClock, person, user?.email ?? person.user), 201);
});

const confirm = defineRoute(
  { capability: "account.write" },
  {
    method: "post",
    path: "/v1/auth/mfa/totp/confirm",
    operationId: "confirmAuthenticator",
    tags: ["Identity"],
    summary: "Confirm an authenticator app by its first code",
    request: body(z.strictObject({ code: totpCodeSchema }).openapi("AuthenticatorConfirmation")),
    responses: {
      200: json(
        z.object({ recoveryCodes: z.array(z.string()) }).openapi("RecoveryCodes"),
        "Codes for who loses the app, shown this once; those before them open nothing any more.",
      ),
    },
  },
);

mfaRoutes.openapi(confirm, async (context) => {
  const person = await grownPerson(context);
  if (!(await confirmsAuthenticator(context.env, systemClock, person, context.req.valid("json").code)))
    throw new Problem("wrong-factor", "The code is not that of the authenticator app that is being set up; check the clock of its device.");
  await changed(context, "authenticator.confirmed");
  return context.json({ recoveryCodes: await newRecoveryCodes(context.env, person) }, 200);
});

const disable = defineRoute(
  { capability: "account.write" },
  {
    method: "delete",
    path: "/v1/auth/mfa/totp",
    operationId: "removeAuthenticator",
    tags: ["Identity"],
    summary: "Remove the authenticator app",
    description: "Needs a second factor that was proved in the last ten minutes.",
    responses: { 204: { description: "It proves nothing any more." } },
  },
);

mfaRoutes.openapi(disable, async (context) => {
  const person = await grownPerson(context);
  if (!(await deleteTotp(context.env, person))) throw new Problem("not-found", "There is no authenticator app to remove.");
  await changed(context, "authenticator.removed");
  return context.body(null, 204);
});

const recovery = defineRoute(
  { capability: "account.write" },
  {
    method: "post",
    path: "/v1/auth/mfa/recovery-codes",
    operationId: "createRecoveryCodes",
    tags: ["Identity"],
    summary: "Make new recovery codes in place of the old",
    description: "Needs a second factor that was proved in the last ten minutes.",
    responses: { 201: json(z.object({ recoveryCodes: z.array(z.string()) }), "Ten codes, shown this once.") },
  },
);

mfaRoutes.openapi(recovery, async (context) => {
  const person = await grownPerson(context);
  if (!(await hasSecondFactor(context.env, person)))
    throw new Problem("conflict", "Recovery codes stand in for a second factor; set one up first.");
  await changed(context, "recovery-codes.made");
  return context.json({ recoveryCodes: await newRecoveryCodes(context.env, person) }, 201);
});

const passkeyOptions = defineRoute(
  { capability: "account.write" },
  {
    method: "post",
    path: "/v1/auth/mfa/passkey-options",
    operationId: "createPasskeyOptions",
    tags: ["Identity"],
    summary: "Begin to register a passkey",
    responses: { 201: json(optionsSchema, "What to ask the browser.") },
  },
);

mfaRoutes.openapi(passkeyOptions, async (context) => {
  const person = await grownPerson(context);
  const user = await readUser(context.env, person.tenant, person.user);
  const { options, ticket } = await registrationOptions(
    context.env,
    systemClock,
    person,
    user?.email ?? person.user,
    relyingParty(context.req.url),
  );
  return context.json({ options, ticket }, 201);
});

const register = defineRoute(
  { capability: "account.write" },
  {
    method: "post",
    path: "/v1/auth/mfa/passkeys",
    operationId: "registerPasskey",
    tags: ["Identity"],
    summary: "Register a passkey",
    request: body(
      z
        .strictObject({
          name: passkeyNameSchema,
          ticket: z.string().max(MAX_TICKET_CHARACTERS),
          response: registrationResponseSchema,
        })
        .openapi("PasskeyRegistration"),
    ),
    responses: { 201: json(passkeySchema, "The passkey.") },
  },
);

mfaRoutes.openapi(register, async (context) => {
  const person = await grownPerson(context);
  const row = await registerPasskey(context.env, systemClock, person, relyingParty(context.req.url), context.req.valid("json"));
  await changed(context, "passkey.registered", row.id);
  return context.json(toPasskey(row), 201);
});

const rename = defineRoute(
  { capability: "account.write" },
  {
    method: "patch",
    path: "/v1/auth/mfa/passkeys/{id}",
    operationId: "renamePasskey",
    tags: ["Identity"],
    summary: "Rename a passkey",
    request: { params: passkeyParamsSchema, ...body(z.strictObject({ name: passkeyNameSchema }).openapi("PasskeyName")) },
    responses: { 204: { description: "It has the name." } },
  },
);

mfaRoutes.openapi(rename, async (context) => {
  const { id } = context.req.valid("param");
  const { tenant, subject } = context.get("principal");
  if (!(await renamePasskey(context.env, { tenant, user: subject }, id, context.req.valid("json").name))) throw noPasskey(id);
  await changed(context, "passkey.renamed", id);
  return context.body(null, 204);
});

const remove = defineRoute(
  { capability: "account.write" },
  {
    method: "delete",
    path: "/v1/auth/mfa/passkeys/{id}",
    operationId: "deletePasskey",
    tags: ["Identity"],
    summary: "Remove a passkey",
    description: "Needs a second factor that was proved in the last ten minutes.",
    request: { params: passkeyParamsSchema },
    responses: { 204: { description: "It proves nothing any more." } },
  },
);

mfaRoutes.openapi(remove, async (context) => {
  const { id } = context.req.valid("param");
  const { tenant, subject } = context.get("principal");
  const person = { tenant, user: subject };
  if (!(await factorsOf(context.env, person)).passkeys.some((passkey) => passkey.id === id)) throw noPasskey(id);
  demandMfa(context.get("principal"), SELF_SERVICE_MFA_AGE_MS, systemClock.now());
  await deletePasskey(context.env, person, id);
  await changed(context, "passkey.removed", id);
  return context.body(null, 204);
});

const challenge = defineRoute(
  { capability: "account.write" },
  {
    method: "post",
    path: "/v1/auth/mfa/challenge",
    operationId: "createPasskeyChallenge",
    tags: ["Identity"],
    summary: "Begin to prove a passkey",
    responses: { 201: json(optionsSchema, "What to ask the browser.") },
  },
);

mfaRoutes.openapi(challenge, async (context) => {
  const { options, ticket } = await authenticationOptions(context.env, systemClock, relyingParty(context.req.url), personOf(context));
  return context.json({ options, ticket }, 201);
});

const verify = defineRoute(
  { capability: "account.write" },
  {
    method: "post",
    path: "/v1/auth/mfa/verify",
    operationId: "verifySecondFactor",
    tags: ["Identity"],
    summary: "Prove a second factor and get a token that says so",
    description:
      "The way on from a 401 with `insufficient_user_authentication` (RFC 9470). The token has the rights of the one presented and ends with it; `acr`, `amr` and `mfa_at` say what was proved.",
    request: body(
      z
        .strictObject({ proof: factorProofSchema.openapi({ example: { method: "totp", code: "492039" } }) })
        .openapi("SecondFactorVerification"),
    ),
    responses: {
      201: json(z.object({ accessToken: z.string(), tokenType: z.literal("Bearer"), expiresIn: z.number().int() }), "A stepped-up token."),
    },
  },
);

mfaRoutes.openapi(verify, async (context) => {
  const person = personOf(context);
  const party = relyingParty(context.req.url);
  const amr = await verifyFactor(context.env, systemClock, party, person, context.req.valid("json").proof);
  const principal = context.get("principal");
  const authorization = context.req.header("authorization") ?? "";
  const token = await steppedUpToken(context.env, systemClock, party.origin, { principal, authorization, amr });
  await changed(context, "second-factor.proved");
  return context.json({ ...token, tokenType: "Bearer" as const }, 201);
});

/**
 * The person who calls.
 * @throws Problem `conflict` for a program, and for an agent that acts for somebody: it cannot prove what only the person has
 */
function personOf(context: Context<HttpEnv>): Person & { readonly tenant: ReturnType<typeof parseId<"tenant">> } {
  const { tenant, subject, kind, actor } = context.get("principal");
  if (kind !== "user" || actor !== undefined)
    throw new Problem("conflict", "Second factors are a person's; this credential is a program's or an agent's.");
  return { tenant, user: subject };
}

/** The same, who has proved a second factor a moment ago if there is one: whoever found a token may not make it worth more. */
async function grownPerson(context: Context<HttpEnv>) {
  const person = personOf(context);
  if (await hasSecondFactor(context.env, person)) demandMfa(context.get("principal"), SELF_SERVICE_MFA_AGE_MS, systemClock.now());
  return person;
}

async function changed(context: Context<HttpEnv>, action: string, resource?: string): Promise<void> {
  const principal = context.get("principal");
  const change = { action, resource: resource ?? principal.subject, decision: context.get("decision") };
  await recordChange(context.env, systemClock, principal, change);
}

function noPasskey(id: string): Problem {
  return new Problem("not-found", `You have no passkey ${id}.`);
}
