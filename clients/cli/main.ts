import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { defineCommand, runMain } from "citty";
import { must, somaClient } from "../sdk/client.ts";
import { SomaProblem } from "../sdk/problem.ts";
import { deliverTo } from "./deliver-to.ts";
import { demo } from "./demo.ts";
import { currentLogin, loggedIn, saveLogin } from "./login.ts";
import { startPlatform } from "./platform/platform.ts";
import { parsePort } from "./platform/port.ts";
import { followProject, readProject, tree } from "./project-progress.ts";
import { EXIT, exitCodeOf, readBrief, restText, runBrief } from "./run-brief.ts";

const json = { type: "boolean", description: "print JSON", default: false } as const;
const out = { type: "string", description: "folder for what is delivered", default: "soma-out" } as const;
const port = { type: "string", description: "port of the local platform" } as const;
const state = { type: "string", description: "folder of the local platform's state" } as const;
const id = { type: "positional", required: true, description: "the project's id" } as const;

/** Runs a command; a problem is told in words and ends with its exit code. */
async function act(work: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? EXIT.ok;
  } catch (error) {
    if (error instanceof SomaProblem)
      console.error(`${error.title}: ${error.message}${error.requestId === undefined ? "" : ` (request ${error.requestId})`}`);
    else console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof SomaProblem && error.status >= 500 ? EXIT.failed : EXIT.usage;
  }
}

function print(value: unknown, asJson: boolean, text: string): void {
  console.log(asJson ? JSON.stringify(value) : text);
}

const demoCommand = defineCommand({
  meta: { name: "demo", description: "boot the platform here and take two briefs to finished reports" },
  args: { json, out, port, state },
  run: ({ args }) =>
    act(() =>
      demo({ port: parsePort(args.port), state: args.state ?? mkdtempSync(join(tmpdir(), "soma-demo-")), out: args.out, json: args.json }),
    ),
});

const login = defineCommand({
  meta: { name: "login", description: "remember a platform and a key" },
  args: {
    url: { type: "string", required: true, description: "the platform's address" },
    key: { type: "string", required: true, description: "an API key" },
  },
  run: ({ args }) =>
    act(async () => {
      const tenant = await must(somaClient({ url: args.url, apiKey: args.key }).api.GET("/v1/tenants/current", {}));
      saveLogin({ url: args.url, apiKey: args.key });
      console.log(`Logged in to ${tenant.name} (${tenant.id}).`);
      return EXIT.ok;
    }),
});

const runProject = defineCommand({
  meta: { name: "run", description: "take a brief to a delivered report" },
  args: {
    brief: { type: "positional", required: true, description: "a file, or - for standard input" },
    attach: { type: "string", description: "a file to work on; may be given again" },
    out,
    json,
    port,
    state,
  },
  run: ({ args, rawArgs }) =>
    act(async () => {
      const brief = readBrief(args.brief);
      const attach = attachments(rawArgs);
      const known = currentLogin();
      const platform = known === undefined ? await startPlatform({ port: parsePort(args.port), state: args.state ?? ".soma" }) : undefined;
      try {
        const client = somaClient(known ?? platform ?? { url: "", apiKey: "" });
        let { project, files, exitCode } = await runBrief(client, { brief, attach, out: args.out, json: args.json });
        for (let asked = 0; project.state === "questions" && process.stdin.isTTY && !args.json && asked < 5; asked += 1) {
          console.log(restText(project));
          await must(
            client.api.POST("/v1/kamachiq/projects/{id}/answers", {
              params: { path: { id: project.id } },
              body: { text: await askPerson("Your answer: ") },
            }),
          );
          project = await followProject(client, project.id, { quiet: false });
          files = project.state === "delivered" ? await deliverTo(client, project, args.out) : [];
          exitCode = exitCodeOf(project);
        }
        print({ project, files }, args.json, exitCode === EXIT.ok ? `Delivered ${files.length} files to ${args.out}.` : restText(project));
        return exitCode;
      } finally {
        await platform?.stop();
      }
    }),
});

/** `--attach` may stand several times, and be followed by several files. */
function attachments(rawArgs: readonly string[]): string[] {
  const files: string[] = [];
  let isAttaching = false;
  for (const argument of rawArgs) {
    if (argument === "--attach") isAttaching = true;
    else if (argument.startsWith("--attach=")) files.push(argument.slice("--attach=".length));
    else if (argument.startsWith("--")) isAttaching = false;
    else if (isAttaching) files.push(argument);
  }
  return files;
}

async function askPerson(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

const list = defineCommand({
  meta: { name: "list", description: "list projects, newest first" },
  args: { json },
  run: ({ args }) =>
    act(async () => {
      const { items } = await must(loggedIn().api.GET("/v1/kamachiq/projects", { params: { query: {} } }));
      print(
        { items },
        args.json,
        items.map((item) => `${item.id}  ${item.state.padEnd(10)} ${item.title}`).join("\n") || "There are no projects yet.",
      );
      return EXIT.ok;
    }),
});

const show = defineCommand({
  meta: { name: "show", description: "show how a project stands" },
  args: { id, json },
  run: ({ args }) =>
    act(async () => {
      const project = await readProject(loggedIn(), args.id);
      print(project, args.json, tree(project));
      return EXIT.ok;
    }),
});

const watch = defineCommand({
  meta: { name: "watch", description: "follow a project until it rests" },
  args: { id, json, out },
  run: ({ args, rawArgs }) =>
    act(async () => {
      const client = loggedIn();
      const project = await followProject(client, args.id, {
        quiet: args.json,
        ...(args.json ? { onEvent: (event) => console.log(JSON.stringify(event)) } : {}),
      });
      if (project.state === "delivered" && rawArgs.some((argument) => argument.startsWith("--out")))
        await deliverTo(client, project, args.out);
      if (!args.json && project.state !== "delivered") console.log(restText(project));
      return exitCodeOf(project);
    }),
});

type Change = (client: ReturnType<typeof loggedIn>, project: string, text: string) => Promise<Awaited<ReturnType<typeof readProject>>>;

/** A command that changes a project and shows it; what a person says with it is the second argument. */
function change(name: string, description: string, request: Change) {
  return defineCommand({
    meta: { name, description },
    args: { id, text: { type: "positional", required: false, description: "what to say with it" }, json },
    run: ({ args }) =>
      act(async () => {
        const project = await request(loggedIn(), args.id, args.text ?? "");
        print(project, args.json, tree(project));
        return EXIT.ok;
      }),
  });
}

const gate = (decision: "approve" | "refuse" | "revise") => (client: ReturnType<typeof loggedIn>, project: string, notes: string) =>
  must(client.api.POST("/v1/kamachiq/projects/{id}/gate", { params: { path: { id: project } }, body: { decision, notes } }));

const projects = defineCommand({
  meta: { name: "projects", description: "KAMACHIQ: briefs that become finished projects" },
  subCommands: {
    run: runProject,
    list,
    show,
    watch,
    approve: change("approve", "approve a report at the gate", gate("approve")),
    refuse: change("refuse", "refuse a report at the gate", gate("refuse")),
    revise: change("revise", "send a report back with notes", gate("revise")),
    answer: change("answer", "answer the planner's questions", (client, project, body) =>
      must(client.api.POST("/v1/kamachiq/projects/{id}/answers", { params: { path: { id: project } }, body: { text: body } })),
    ),
    pause: change("pause", "start nothing new", (client, project) =>
      must(client.api.POST("/v1/kamachiq/projects/{id}/pause", { params: { path: { id: project } } })),
    ),
    resume: change("resume", "go on after a pause", (client, project) =>
      must(client.api.POST("/v1/kamachiq/projects/{id}/resume", { params: { path: { id: project } } })),
    ),
    cancel: change("cancel", "end a project for good", (client, project) =>
      must(client.api.POST("/v1/kamachiq/projects/{id}/cancel", { params: { path: { id: project } } })),
    ),
  },
});

const chat = defineCommand({
  meta: { name: "chat", description: "talk with an agent; attach files to ask about them" },
  args: {
    session: { type: "positional", required: false, description: "a session to go on with" },
    attach: { type: "string", description: "a file to ask about; may be given again" },
    message: { type: "string", description: "say this and end" },
    json,
  },
  run: ({ args, rawArgs }) =>
    act(async () => {
      const client = loggedIn();
      const session = args.session ?? (await must(client.api.POST("/v1/sessions", { body: { title: "Chat", agent: "analyst" } }))).id;
      const files: string[] = [];
      for (const path of attachments(rawArgs)) files.push((await client.upload(path)).id);
      if (!args.json) console.log(`Session ${session}. An empty line ends it.`);
      for (let attached = files; ; attached = []) {
        const message = args.message ?? (await askPerson("> "));
        if (message.trim() === "") return EXIT.ok;
        const started = await must(
          client.api.POST("/v1/sessions/{id}/messages", {
            params: { path: { id: session } },
            body: { text: message, attachments: attached },
          }),
        );
        if (typeof started === "string") throw new Error("The server answered with a stream that was not asked for.");
        const isEnd = (event: { type: string; data: Record<string, unknown> }) =>
          (event.type === "turn.completed" || event.type === "turn.failed") && event.data.turn === started.turn;
        for await (const event of client.events(`sessions/${session}`, { after: started.seq, isLast: isEnd })) {
          if (args.json) console.log(JSON.stringify(event));
          else if (event.type === "turn.delta") process.stdout.write(String(event.data.text));
          else if (event.type === "turn.failed") console.error(JSON.stringify(event.data.problem));
        }
        if (!args.json) console.log("");
        if (args.message !== undefined) return EXIT.ok;
      }
    }),
});

const events = defineCommand({
  meta: { name: "events", description: "what happens, as it happens" },
  subCommands: {
    tail: defineCommand({
      meta: { name: "tail", description: "follow the events of a session or project" },
      args: {
        id: { ...id, description: "ses_… or prj_…" },
        after: { type: "string", description: "number of the last event you have", default: "0" },
        json,
      },
      run: ({ args }) =>
        act(async () => {
          const resource = args.id.startsWith("prj_") ? `kamachiq/projects/${args.id}` : `sessions/${args.id}`;
          for await (const event of loggedIn().events(resource, { after: Number(args.after) })) {
            print(
              event,
              args.json,
              `${String(event.seq).padStart(5)}  ${new Date(event.at).toISOString()}  ${event.type.padEnd(20)} ${JSON.stringify(event.data).slice(0, 120)}`,
            );
          }
          return EXIT.ok;
        }),
    }),
  },
});

const main = defineCommand({
  meta: { name: "soma", description: "SomaAgent from the command line" },
  subCommands: { demo: demoCommand, login, chat, projects, events },
});

await runMain(main);
