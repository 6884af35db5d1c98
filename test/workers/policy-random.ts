import fc from "fast-check";
import { ACTIONS, type PolicyRequest } from "../../workers/policy/request.ts";

/** Texts that random policies and random requests share, so that they meet. */
const NAMES = ["sessions.read", "memory.write", "data.query", "http.get"];
const WORDS = ["x", "y", "z"];
const name = fc.constantFrom(...NAMES);
const word = fc.constantFrom(...WORDS);
const quoted = (value: string) => JSON.stringify(value);
const textAttributes = ["principal.id", "resource.agent", "resource.owner"];
const closedAtoms = [
  'principal.kind == "agent"',
  'principal.kind != "operator"',
  'resource.risk == "write"',
  'context.channel == "run"',
  'resource.risk == "x"',
];
const setAttributes = [
  "principal.roles",
  "principal.groups",
  "principal.capabilities",
  "resource.tags",
  "context.history",
  "context.labels",
];
const wordSet = fc.uniqueArray(word, { maxLength: 3 });
const setText = (items: readonly string[]) => `[${items.map(quoted).join(", ")}]`;

const atom = fc.oneof(
  name.map((value) => `resource.name == ${quoted(value)}`),
  fc.tuple(name, name).map(([a, b]) => `[${quoted(a)}, ${quoted(b)}].contains(resource.name)`),
  fc.constantFrom("s*", "*e*", "*.write", "http.get").map((pattern) => `resource.name like ${quoted(pattern)}`),
  fc.tuple(fc.constantFrom(...textAttributes), word).map(([attr, value]) => `${attr} == ${quoted(value)}`),
  fc.tuple(fc.constantFrom(...textAttributes), word).map(([attr, value]) => `${attr} != ${quoted(value)}`),
  fc.tuple(fc.constantFrom(...setAttributes), word).map(([attr, value]) => `${attr}.contains(${quoted(value)})`),
  fc.constantFrom(...setAttributes).map((attr) => `${attr}.contains(resource.name)`),
  fc.constantFrom(...setAttributes).map((attr) => `${attr}.isEmpty()`),
  fc
    .tuple(
      fc.constantFrom(...setAttributes),
      fc.constantFrom("containsAll", "containsAny"),
      fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    )
    .map(([attr, by, items]) => `${attr}.${by}(${setText(items)})`),
  fc
    .tuple(fc.constantFrom(...setAttributes), fc.uniqueArray(word, { minLength: 1, maxLength: 3 }))
    .map(([attr, items]) => `${attr} == ${setText(items)}`),
  fc.tuple(fc.constantFrom("<", "<=", ">", ">="), fc.integer({ min: 0, max: 23 })).map(([by, hour]) => `context.hour ${by} ${hour}`),
  fc.integer({ min: 0, max: 20 }).map((age) => `(principal has mfaAgeSeconds && principal.mfaAgeSeconds < ${age})`),
  fc.integer({ min: 0, max: 20 }).map((cost) => `(context has costMicros && context.costMicros > ${cost})`),
  fc.constantFrom(...closedAtoms),
  fc.constant("principal has actor"),
  fc.constant("principal.tenant == context.tenant"),
  fc.constant("resource.owner == principal.id"),
  fc.constant('context.now < datetime("2026-06-01")'),
);

const condition: fc.Arbitrary<string> = fc.letrec<{ whole: string }>((tie) => ({
  whole: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    atom,
    fc.tuple(tie("whole"), tie("whole")).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie("whole"), tie("whole")).map(([a, b]) => `(${a} || ${b})`),
    tie("whole").map((a) => `!(${a})`),
    fc.tuple(tie("whole"), tie("whole"), tie("whole")).map(([a, b, c]) => `(if ${a} then ${b} else ${c})`),
  ),
})).whole;

const head = fc.constantFrom(
  "action",
  'action == Action::"tool"',
  'action == Action::"route"',
  'action in [Action::"tool", Action::"model"]',
);
const obligation = fc.constantFrom("", "", '@obligation("approval") ', '@obligation("mask") @mask("secret") ');

const policy = fc
  .record({ effect: fc.constantFrom("permit", "permit", "forbid"), head, when: condition, unless: fc.option(condition), obligation })
  .map(({ effect, head: action, when, unless, obligation: demanded }) => (id: string) => {
    const annotation = effect === "permit" && action === 'action == Action::"tool"' ? demanded : "";
    return `@id(${quoted(id)}) ${annotation}${effect} (principal, ${action}, resource) when { ${when} }${unless === null ? "" : ` unless { ${unless} }`};`;
  });

/** A text of a few policies with ids `p0`, `p1` … that fits the schema. */
export const anyText: fc.Arbitrary<string> = fc
  .array(policy, { minLength: 1, maxLength: 5 })
  .map((policies) => policies.map((write, i) => write(`p${i}`)).join("\n"));

/** A text of one or two policies of a few comparisons, of which every combination can be tried. */
export const anySmallText: fc.Arbitrary<string> = fc
  .array(
    fc.record({
      effect: fc.constantFrom("permit", "forbid"),
      parts: fc.array(
        atom.filter((part) => !part.includes(" like ")),
        { minLength: 1, maxLength: 2 },
      ),
      by: fc.constantFrom(" && ", " || "),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((policies) =>
    policies
      .map(({ effect, parts, by }, i) => `@id("p${i}") ${effect} (principal, action, resource) when { ${parts.join(by)} };`)
      .join("\n"),
  );

/** A request whose values meet those of the random policies. */
export const anyRequest: fc.Arbitrary<PolicyRequest> = fc.constantFrom(...ACTIONS).chain((action) =>
  fc.record({
    action: fc.constant(action),
    principal: fc.record(
      {
        id: word,
        tenant: word,
        kind: fc.constantFrom("user", "service", "agent", "operator"),
        roles: wordSet,
        groups: wordSet,
        capabilities: fc.uniqueArray(fc.oneof(word, name), { maxLength: 4 }),
        amr: wordSet,
        mfaAgeSeconds: fc.integer({ min: 0, max: 21 }),
        actor: word,
      },
      { requiredKeys: ["id", "tenant", "kind", "roles", "groups", "capabilities", "amr"] },
    ),
    resource: fc.record({
      name: action === "route" ? fc.constantFrom("sessions.read", "memory.write", "runs.read") : fc.oneof(name, word),
      risk: action === "tool" ? fc.constantFrom("read", "write", "destructive", "spend") : fc.constant(""),
      tags: wordSet,
      agent: word,
      owner: word,
    }),
    context: fc.record(
      {
        tenant: word,
        now: fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2026-12-31") }),
        history: wordSet,
        labels: wordSet,
        channel: action === "route" ? fc.constant("http") : fc.constantFrom("session", "run", "project"),
        costMicros: fc.integer({ min: 0, max: 21 }),
      },
      { requiredKeys: ["tenant", "now", "history", "labels", "channel"] },
    ),
  }),
);
