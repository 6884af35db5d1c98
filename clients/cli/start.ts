import { parseArgs } from "node:util";
import { parsePort, startPlatform } from "./platform/platform.ts";

/** `npm start`: the platform at a local address, with a ready tenant, until it is told to stop. */
const { values } = parseArgs({
  options: { port: { type: "string" }, state: { type: "string", default: ".soma" }, json: { type: "boolean", default: false } },
});

try {
  const platform = await startPlatform({ port: parsePort(values.port), state: values.state });
  if (values.json) {
    const { url, console: page, tenant, apiKey } = platform;
    console.log(JSON.stringify({ url, console: page, tenant, apiKey }));
  } else {
    console.log(`SomaAgent runs at ${platform.url}\n`);
    console.log(`  API document  ${platform.url}/openapi.json`);
    console.log(`  tenant        ${platform.tenant}`);
    console.log(`  API key       ${platform.apiKey}\n`);
    console.log(`State is kept in ${values.state}. Stop with Ctrl-C.`);
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void platform.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(2);
}
