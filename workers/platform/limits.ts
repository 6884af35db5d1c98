/**
 * The bounds that more than one part of the platform must agree on. A bound that one file alone needs is defined there.
 */

/** A JSON body: a brief of a hundred pages fits; ten megabytes of nesting do not. */
export const MAX_JSON_BODY_BYTES = 1_048_576;
/** Deeper JSON than this is an attack on parsers, not data. */
export const MAX_JSON_DEPTH = 64;
/** An uploaded file: what one request to Cloudflare may carry on the smallest plans. */
export const MAX_UPLOAD_BYTES = 104_857_600;
/** Text of one message to a session. */
export const MAX_MESSAGE_CHARACTERS = 100_000;
export const MAX_BRIEF_CHARACTERS = 200_000;
export const MAX_ATTACHMENTS = 32;
export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 200;
/** Values above this go to R2 by reference and not into an object's rows (a row holds 2 MB at most). */
export const MAX_INLINE_VALUE_BYTES = 65_536;
