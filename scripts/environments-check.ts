import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import { ROOT } from "../clients/cli/platform/build.ts";

const binding = z.object({ binding: z.string() });
const configSchema = z.object({
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string() })) }),
  d1_databases: z.array(binding),
  r2_buckets: z.array(binding),
  queues: z.object({ producers: z.array(binding).default([]), consumers: z.array(z.object({ queue: z.string() })).default([]) }),
  vars: z.record(z.string(), z.unknown()),
});

/** Fails when staging or production lack a binding that the Worker is written for: bindings are not inherited. */
const bindingsOf = (env: string | undefined) => {
  const config = configSchema.parse(unstable_readConfig({ config: join(ROOT, "wrangler.toml"), ...(env === undefined ? {} : { env }) }));
  return [
    ...config.durable_objects.bindings.map(({ name }) => `object ${name}`),
    ...config.d1_databases.map((database) => `database ${database.binding}`),
    ...config.r2_buckets.map((bucket) => `bucket ${bucket.binding}`),
    ...config.queues.producers.map((producer) => `queue ${producer.binding}`),
    ...config.queues.consumers.map((consumer) => `consumer of ${consumer.queue.replace(/-(staging|production)$/, "")}`),
    ...Object.keys(config.vars).map((name) => `variable ${name}`),
  ].sort();
};

const expected = bindingsOf(undefined);
for (const env of ["staging", "production"]) {
  const missing = expected.filter((binding) => !bindingsOf(env).includes(binding));
  if (missing.length > 0) {
    console.error(`wrangler.toml: ${env} lacks ${missing.join(", ")}.`);
    process.exitCode = 1;
  }
}
