import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/**
 * Two projects: `unit` runs plain functions in Node; `workers` runs inside workerd with the bindings of wrangler.toml.
 * What needs a whole platform in its own process (sockets, kills, the CLI) is the project `local`; what needs a browser too is `browser`.
 */
export default defineConfig({
  cacheDir: ".cache/vite",
  test: {
    // The platform logs every request; what a failed test logged is shown, the rest only hides it.
    silent: "passed-only",
    // What an object throws reaches its caller, who handles it; the test plugin tells of it a second time, from inside the object.
    onUnhandledError: (error) =>
      !(error.message.startsWith('{"problem":') && "remote" in error && error.remote === true) &&
      !error.message.endsWith("[meant by the test]"),
    projects: [
      {
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], environment: "node" },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              cf: false,
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("d1-migrations"),
                SOMA_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
                SOMA_OPERATOR_TOKEN: "operator-token-of-the-tests-only",
              },
            },
          }),
        ],
        test: {
          name: "workers",
          // Kept modules are sent to each test file's worker in one message, which workerd takes up to 32 MiB; ours are more, so each is asked for by itself.
          fsModuleCache: false,
          include: ["test/workers/**/*.test.ts"],
          setupFiles: ["test/workers/apply-migrations.ts"],
          // Ships modules under a name that promises CommonJS; bundling it spares the runner the question.
          deps: { optimizer: { ssr: { enabled: true, include: ["itty-durable"] } } },
          // The first project of a file loads the chart engine, which takes seconds on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "local",
          include: ["test/local/**/*.test.ts", "test/conformance/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // Needs a C compiler: what it shows of the disk cannot be shown from inside JavaScript.
        test: { name: "faults", include: ["test/faults/**/*.test.ts"], environment: "node" },
      },
      {
        // Needs packages of Debian and suites of others, which .ci/run installs: it fails, and does not skip, where they are missing.
        test: {
          name: "debian",
          include: ["test/debian/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
