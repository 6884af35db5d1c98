/** Opens the API reference on this platform's own document, and asks no other host for anything. */
globalThis.Scalar.createApiReference("#reference", {
  url: "/openapi.json",
  agent: { disabled: true },
  defaultOpenAllTags: false,
  documentDownloadType: "json",
  hideClientButton: true,
  proxyUrl: "",
  showDeveloperTools: "never",
  telemetry: false,
  withDefaultFonts: false,
});
