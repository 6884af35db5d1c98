import { z } from "zod";
import type { Json } from "../../platform/canonical-json.ts";
import { MAX_EMAIL_CHARACTERS, MAX_NAME_CHARACTERS } from "../users/change-user.ts";
import type { UserRow } from "../users/store.ts";
import { users } from "../users/tables.ts";
import { ScimFault, USER_SCHEMA } from "./answer.ts";
import type { FilterColumn } from "./filter-sql.ts";

const nameSchema = z.string().trim().min(1).max(MAX_NAME_CHARACTERS);
const optionalName = nameSchema.nullish().catch(undefined);

/** A user as a directory sends it. Attributes that we do not keep are passed over (RFC 7644 §3.3). */
const incomingSchema = z.object({
  userName: nameSchema,
  externalId: z.string().max(MAX_NAME_CHARACTERS).nullish(),
  displayName: optionalName,
  name: z.object({ givenName: optionalName, familyName: optionalName, formatted: optionalName }).nullish(),
  emails: z
    .array(z.object({ value: z.string().max(MAX_EMAIL_CHARACTERS), type: z.string().nullish(), primary: looseBoolean().nullish() }))
    .max(20)
    .nullish(),
  active: looseBoolean().default(true),
});

/** What we keep of a user that a directory sends. */
export interface ScimUser {
  readonly userName: string;
  readonly email: string;
  readonly displayName: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly externalId: string | null;
  readonly active: boolean;
}

/** @throws ScimFault `invalidValue` naming the attribute */
export function readScimUser(body: unknown): ScimUser {
  const parsed = incomingSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ScimFault(400, "invalidValue", `${issue?.path.join(".") ?? "The user"}: ${issue?.message ?? "is not valid"}.`);
  }
  const { userName, externalId, displayName, name, emails, active } = parsed.data;
  const chosen = emails?.find(({ primary }) => primary === true) ?? emails?.[0];
  const email = chosen?.value ?? userName;
  if (!z.email().safeParse(email).success) throw new ScimFault(400, "invalidValue", `emails: ${email} is not an e-mail address.`);
  const full = [name?.givenName, name?.familyName].filter(Boolean).join(" ");
  return {
    userName,
    email,
    displayName: displayName ?? name?.formatted ?? (full === "" ? userName : full),
    givenName: name?.givenName ?? null,
    familyName: name?.familyName ?? null,
    externalId: externalId ?? null,
    active,
  };
}

/** A user as SCIM tells it. @param base the address of the service, `https://…/scim/v2` */
export function toScimUser(row: UserRow, base: string): Record<string, Json> {
  return {
    schemas: [USER_SCHEMA],
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    userName: row.userName,
    displayName: row.displayName,
    ...(row.givenName === null && row.familyName === null
      ? {}
      : {
          name: {
            ...(row.givenName === null ? {} : { givenName: row.givenName }),
            ...(row.familyName === null ? {} : { familyName: row.familyName }),
          },
        }),
    emails: [{ value: row.email, type: "work", primary: true }],
    active: row.active,
    meta: metaOf("User", row, `${base}/Users/${row.id}`),
  };
}

/** What RFC 7643 §3.1 says of every resource. */
export function metaOf(
  resourceType: "User" | "Group",
  { createdAt, updatedAt, version }: { createdAt: number; updatedAt: number; version: number },
  location: string,
): Record<string, Json> {
  return {
    resourceType,
    created: new Date(createdAt).toISOString(),
    lastModified: new Date(updatedAt).toISOString(),
    location,
    version: `W/"${version}"`,
  };
}

/** What of users may be asked for and sorted by. */
export const USER_COLUMNS: Readonly<Record<string, FilterColumn>> = {
  id: { column: users.id, kind: "text" },
  username: { column: users.userNameKey, kind: "key" },
  externalid: { column: users.externalId, kind: "text" },
  displayname: { column: users.displayName, kind: "text" },
  "name.givenname": { column: users.givenName, kind: "text" },
  "name.familyname": { column: users.familyName, kind: "text" },
  emails: { column: users.emailKey, kind: "key" },
  "emails.value": { column: users.emailKey, kind: "key" },
  active: { column: users.active, kind: "boolean" },
  "meta.created": { column: users.createdAt, kind: "time" },
  "meta.lastmodified": { column: users.updatedAt, kind: "time" },
};

/** Some directories send `"True"` and `"False"`. */
function looseBoolean() {
  return z.union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })]);
}
