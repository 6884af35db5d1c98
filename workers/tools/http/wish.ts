const FETCH = /^(?:please\s+)?(?:fetch|download|open|read|get)\s+<?(?<url>[a-z][a-z0-9+.-]*:\/\/\S+?)>?[.!]?$/i;

/** The address that a message in plain words asks to fetch; undefined for every other message. */
export function fetchWish(message: string): string | undefined {
  return FETCH.exec(message.trim())?.groups?.url;
}
