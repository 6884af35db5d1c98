const COUNT = new Intl.NumberFormat("en");

export function countText(count: number): string {
  return COUNT.format(count);
}

/** `1 task`, `7 tasks`. */
export function countOf(count: number, what: string, plural = `${what}s`): string {
  return `${COUNT.format(count)} ${count === 1 ? what : plural}`;
}

/** Bytes as a person says them. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Millionths of a US dollar as dollars. */
export function costText(micros: number): string {
  const dollars = micros / 1_000_000;
  return `$${dollars === 0 || dollars >= 0.01 ? dollars.toFixed(2) : dollars.toFixed(6).replace(/0+$/, "")}`;
}
