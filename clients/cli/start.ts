import { parseArgs } from "node:util";
import { interruption, untilAborted } from "./interruption.ts";
import { type RunningPlatform, startPlatform } from "./platform/platform.ts";
import { parsePort } from "./platform/port.ts";

/** `npm start`: the platform at a local address, with a ready tenant, until it is told to stop. */
const USAGE = `npm start -- [--port N] [--state DIR] [--worker DIR] [--inspect N] [--json]

  --port N      the port to listen on; 0 takes any (8787, or the next free one)
  --state DIR   the folder of everything it keeps (.soma)
  --worker DIR  serve this build of the Worker and build nothing
  --inspect N   let a debugger attach to the Worker at this port of this machine
  --json        print one line of JSON: {url, console, tenant, apiKey}`;

function tell(platform: RunningPlatform, state: string, asJson: boolean): void {
  const { url, console: page, tenant, apiKey } = platform;
  if (asJson) {
    console.log(JSON.stringify({ url, console: page, tenant, apiKey }));
    return;
  }
  console.log(`SomaAgent runs at ${url}\n`);
  console.log(`  console       ${page}`);
  console.log(`  API reference ${url}/docs`);
  console.log(`  tenant        ${tenant}`);
  console.log(`  API key       ${apiKey}\n`);
  console.log(`State is kept in ${state}. Stop with Ctrl-C.`);
}

try {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      state: { type: "string", default: ".soma" },
      worker: { type: "string" },
      inspect: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) console.log(USAGE);
  else {
    const signal = interruption();
    const platform = await startPlatform({
      port: parsePort(values.port),
      state: values.state,
      worker: values.worker,
      inspectorPort: parsePort(values.inspect),
    });
    if (!signal.aborted) tell(platform, values.state, values.json);
    await untilAborted(signal);
    await platform.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
