/** Members whose content is the client's own, in which no name is changed. */
const FREE = new Set(["metadata", "data"]);

/**
 * A request with the names of the proto's fields (`task_id`) turned into those of its JSON form (`taskId`): parsers of ProtoJSON take both.
 * Where both are given, the JSON form counts.
 */
export function withJsonNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withJsonNames);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, FREE.has(name) ? member : withJsonNames(member)] as const);
  const renamed = members.filter(([name]) => name.includes("_")).map(([name, member]) => [jsonName(name), member] as const);
  return Object.fromEntries([...renamed, ...members.filter(([name]) => !name.includes("_"))]);
}

function jsonName(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
