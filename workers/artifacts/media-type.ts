const TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  txt: "text/plain",
  md: "text/markdown",
  html: "text/html",
  json: "application/json",
  ndjson: "application/x-ndjson",
  geojson: "application/geo+json",
  xml: "application/xml",
  yaml: "application/yaml",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  pdf: "application/pdf",
};

/** The media type that a file's name promises; plain text when it promises none we know. */
export function mediaTypeOfName(name: string): string {
  return TYPES[extensionOf(name)] ?? "text/plain";
}

/** The name with the ending that its media type asks for, unless it has a known one. */
export function nameForType(name: string, mediaType: string): string {
  if (Object.hasOwn(TYPES, extensionOf(name))) return name;
  const extension = Object.entries(TYPES).find(([, type]) => type === mediaType)?.[0];
  return extension === undefined ? name : `${name}.${extension}`;
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}
