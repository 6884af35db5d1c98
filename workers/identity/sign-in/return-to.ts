/** Longer addresses are none of ours: an authorization request with everything in it is a tenth of this. */
const MAX_RETURN_CHARACTERS = 8_192;
/** Where whoever has signed in is taken when they came from nowhere. */
export const HOME = "/account";

/**
 * Where to go after signing in: a path of this host and nothing else, whatever was asked for (no open redirect). Browsers read `\` as `/`
 * and drop tabs and line ends, so that a value is taken only if it is still the same path when it was parsed.
 */
export function returnTo(asked: string | undefined): string {
  if (asked === undefined || asked.length > MAX_RETURN_CHARACTERS) return HOME;
  // Printable ASCII without the backslash: an address that was written as it should be has nothing else.
  if (!/^\/(?:[!-.0-[\]-~][!-[\]-~]*)?$/.test(asked)) return HOME;
  const base = "https://here.invalid";
  const parsed = URL.canParse(asked, base) ? new URL(asked, base) : undefined;
  if (parsed?.origin !== base || parsed.pathname.startsWith("//")) return HOME;
  return `${parsed.pathname}${parsed.search}${parsed.hash}`;
}
