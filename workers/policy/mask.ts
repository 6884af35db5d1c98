import type { Json } from "../platform/canonical-json.ts";

/**
 * Masks by the names of members: what a policy's `@mask` names is a class of the list below, or the name of a member itself. What is inside texts is
 * not looked at here; that is moderation's.
 */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  secret: ["password", "passwd", "secret", "token", "accesstoken", "refreshtoken", "apikey", "authorization", "privatekey", "clientsecret"],
  card: ["card", "cardnumber", "pan", "cvv", "cvc"],
  personal: ["email", "phone", "ssn", "birthdate", "dateofbirth", "address", "iban", "passport", "taxid"],
};
/** Values inside each other that are looked into; JSON that comes here is bounded by its parser already. */
const MAX_DEPTH = 64;

/** The value with every member that belongs to one of the classes replaced by `[masked: class]`. */
export function masked(value: Json, classes: readonly string[]): Json {
  return classes.length === 0 ? value : maskedIn(value, names(classes), 0);
}

function names(classes: readonly string[]): ReadonlyMap<string, string> {
  return new Map(classes.flatMap((one) => [plain(one), ...(CLASSES[one] ?? [])].map((name) => [name, one] as const)));
}

function maskedIn(value: Json, byName: ReadonlyMap<string, string>, depth: number): Json {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => maskedIn(item, byName, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const found = byName.get(plain(name));
      return [name, found === undefined ? maskedIn(member, byName, depth + 1) : `[masked: ${found}]`];
    }),
  );
}

/** `API_Key` and `apiKey` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
