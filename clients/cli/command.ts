import { type ParseArgsOptionDescriptor, parseArgs } from "node:util";
import { type ExitCode, UsageError } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";
import type { Output } from "./output.ts";

/** An option of a command: what `node:util` parses, and what the help says of it. */
interface OptionForm extends ParseArgsOptionDescriptor {
  readonly about: string;
  /** What stands for the value in the help: `FILE`. Switches have none. */
  readonly value?: string;
  /** Operands right behind the value belong to the option too: `--attach a.csv b.csv`. */
  readonly isGreedy?: true;
}
type Options = Readonly<Record<string, OptionForm>>;

interface Operand {
  readonly name: string;
  readonly about: string;
  readonly isOptional?: true;
  /** Takes all that are left. */
  readonly isMany?: true;
}

/** What a command is called with. */
export interface Call<O extends Options = Options> {
  /** As many as the command names: those that are not optional are there. */
  readonly operands: readonly string[];
  readonly options: ReturnType<typeof parseArgs<{ options: O; strict: true; allowPositionals: true }>>["values"];
  readonly output: Output;
  /** Aborts when a person presses Ctrl-C. */
  readonly signal: AbortSignal;
}

interface Form<O extends Options> {
  /** Its words behind `soma`. */
  readonly name: string;
  readonly summary: string;
  readonly operands?: readonly Operand[];
  readonly options: O;
  readonly examples: readonly [string, ...string[]];
  /** What else is good to know, for the help. */
  readonly notes?: string;
  readonly run: (call: Call<O>) => Promise<ExitCode>;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** @throws UsageError when the arguments do not fit */
  readonly run: (args: readonly string[], surroundings: { output: Output; signal: AbortSignal }) => Promise<ExitCode>;
}

/** Options that every command has. */
const COMMON = {
  json: { type: "boolean", about: "print JSON, and nothing else on standard output" },
  help: { type: "boolean", short: "h", about: "show this help" },
} as const satisfies Options;

/** A command of `soma`, from its description. */
export function defineCommand<const O extends Options>(form: Form<O>): Command {
  return {
    name: form.name,
    summary: form.summary,
    help: helpOf(form),
    run: async (args, { output, signal }) => {
      const options = { ...form.options, ...COMMON };
      const { values, positionals } = parsed(form, () =>
        parseArgs({ args: spelledOut(form, options, args), options, strict: true, allowPositionals: true }),
      );
      checkOperands(form, positionals);
      return form.run({ operands: positionals, options: values, output, signal });
    },
  };
}

/** What a parse gives, with its errors in our words. */
function parsed<T>(form: Form<Options>, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))
      throw wrong(form, error.message.split("\n")[0] ?? "");
    throw error;
  }
}

/** The arguments with each value of a greedy option spelled out, so that only operands are left without one. */
function spelledOut(form: Form<Options>, options: Options, args: readonly string[]): string[] {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const spare = new Set<number>();
  let greedy: string | undefined;
  const owner = new Map<number, string>();
  for (const token of tokens) {
    if (token.kind === "option") {
      if (!Object.hasOwn(options, token.name)) throw wrong(form, unknownOption(token.rawName, options));
      greedy = options[token.name]?.isGreedy === true ? token.name : undefined;
    } else if (token.kind === "positional") {
      if (greedy === undefined) spare.add(token.index);
      else owner.set(token.index, greedy);
    } else greedy = undefined;
  }
  // `--attach a.csv brief.md`: what the command cannot do without is not swallowed.
  const needed = (form.operands ?? []).filter((operand) => operand.isOptional !== true).length;
  for (const index of [...owner.keys()].reverse().slice(0, Math.max(0, needed - spare.size))) owner.delete(index);
  return args.map((argument, i) => (owner.has(i) ? `--${owner.get(i)}=${argument}` : argument));
}

function unknownOption(typed: string, options: Options): string {
  const meant = nearest(typed.replace(/^-+/, ""), Object.keys(options));
  return `There is no option ${typed}.${meant === undefined ? "" : ` Is --${meant} meant?`}`;
}

function checkOperands(form: Form<Options>, given: readonly string[]): void {
  const operands = form.operands ?? [];
  const missing = operands[given.length];
  if (missing !== undefined && missing.isOptional !== true) throw wrong(form, `${missing.name} is missing: ${missing.about}.`);
  if (given.length > operands.length && operands.at(-1)?.isMany !== true)
    throw wrong(form, `${JSON.stringify(given[operands.length])} is too much; put several words of one value in quotes.`);
}

function wrong(form: Form<Options>, what: string): UsageError {
  return new UsageError(`${what}\nUsage: ${usageOf(form)}\nSee soma ${form.name} --help.`);
}

function usageOf(form: Form<Options>): string {
  const operands = (form.operands ?? []).map((operand) => {
    const name = operand.isMany === true ? `${operand.name}…` : operand.name;
    return operand.isOptional === true ? `[${name}]` : name;
  });
  return ["soma", form.name, ...operands, "[options]"].join(" ");
}

function helpOf(form: Form<Options>): string {
  const operands = (form.operands ?? []).map(({ name, about }) => [name, about] as const);
  const known: Options = { ...form.options, ...COMMON };
  const options = Object.entries(known).map(
    ([name, option]) => [`--${name}${option.value === undefined ? "" : ` ${option.value}`}`, describe(option)] as const,
  );
  const width = Math.max(...[...operands, ...options].map(([left]) => left.length)) + 2;
  const lines = (rows: readonly (readonly [string, string])[]) => rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
  return [
    `${usageOf(form)}\n\n${form.summary}`,
    ...(operands.length === 0 ? [] : [lines(operands).join("\n")]),
    lines(options).join("\n"),
    ...(form.notes === undefined ? [] : [form.notes]),
    `Examples:\n${form.examples.map((example) => `  ${example}`).join("\n")}`,
  ].join("\n\n");
}

function describe(option: OptionForm): string {
  return option.default === undefined || option.default === "" ? option.about : `${option.about} (${String(option.default)})`;
}
