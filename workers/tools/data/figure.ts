/**
 * The one way a figure is written, so that a reader can compare and a reviewer can trace: whole numbers whole with thousands
 * separators, others rounded to four significant digits (more before the point when there are more).
 */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return grouped(value.toFixed(0));
  const magnitude = Math.abs(value);
  if (magnitude >= 1_000) return grouped(value.toFixed(0));
  if (magnitude < 0.0001) return value.toExponential(2);
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(magnitude)));
  return trimmed(value.toFixed(Math.min(7, decimals)));
}

/** A share between 0 and 1 as a percentage with one decimal. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
