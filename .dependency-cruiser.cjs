/** Floors: a folder imports only from the floors below it. See docs/architecture.md. */
const outside = (from, to, comment) => ({ name: comment, severity: "error", comment, from: { path: from }, to: { path: to } });

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    outside(
      "^workers/platform/",
      "^(workers/(?!platform/)|durable-objects/|queues/|clients/|dashboards/)",
      "floor 0 imports nothing above it",
    ),
    outside(
      "^workers/(?!platform/|gateway/|index\\.ts)[^/]+/(?![a-z-]*routes\\.ts)",
      "^(durable-objects/|queues/|workers/gateway/|workers/index\\.ts|clients/|dashboards/|workers/[^/]+/[a-z-]*routes\\.ts)",
      "domain functions import neither objects nor routes",
    ),
    outside(
      "^(durable-objects|queues)/",
      "^(workers/gateway/|workers/index\\.ts|workers/[^/]+/[a-z-]*routes\\.ts|clients/|dashboards/)",
      "objects and queues import no routes",
    ),
    outside(
      "^workers/[^/]+/[a-z-]*routes\\.ts$",
      "^(durable-objects/|workers/gateway/|workers/index\\.ts|clients/|dashboards/)",
      "routes reach objects only through their stubs",
    ),
    {
      ...outside("^workers/(?!gateway/)", "^workers/[^/]+/[a-z-]*routes\\.ts$", "routes are mounted by the gateway alone"),
      from: { path: "^workers/", pathNot: "^workers/gateway/" },
    },
    outside("^clients/", "^(workers|durable-objects|queues|dashboards)/", "clients speak HTTP only"),
    outside("^dashboards/", "^(workers|durable-objects|queues)/", "the console speaks HTTP only"),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|\\.cache|\\.wrangler|worker-configuration\\.d\\.ts)" },
  },
};
