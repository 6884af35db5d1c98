/** A link that looks like the main button of a view. */
export const BUTTON_LINK =
  "inline-flex min-h-9 items-center rounded-lg border border-accent bg-accent px-3 py-1.5 text-sm font-medium text-on-accent hover:brightness-110";
