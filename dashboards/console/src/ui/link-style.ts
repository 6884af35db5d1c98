/** How a link inside text or a table looks. */
export const LINK = "text-accent underline decoration-1 underline-offset-2 hover:decoration-2";
