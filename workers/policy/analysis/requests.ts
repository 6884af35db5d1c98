import type { Action, AttributeName, PolicyRequest } from "../request.ts";
import type { Domain, Domains } from "./domains.ts";

/** Requests tried for one action. More than that are not all tried, and the analysis says so. */
const MAX_REQUESTS = 60_000;

/** Requests that stand for all that the policies can tell apart. */
export interface Trials {
  readonly requests: Iterable<PolicyRequest>;
  readonly count: number;
  /** How many there would be. */
  readonly of: number;
}

/** One thing that can differ between requests. */
interface Choice {
  readonly of: number;
  apply(draft: Draft, pick: number): void;
}

type Draft = {
  -readonly [Part in keyof Omit<PolicyRequest, "action">]: { -readonly [Name in keyof PolicyRequest[Part]]: PolicyRequest[Part][Name] };
} & { action: Action };

/** The requests to try for an action: every combination, or an even spread over all of them where they are too many. */
export function trialsOf(action: Action, domains: Domains): Trials {
  const choices = [...domains.byAttribute]
    .flatMap(([name, domain]) => choicesOf(name, domain))
    .sort((a, b) => Number(a.isLate) - Number(b.isLate));
  const of = choices.reduce((product, choice) => product * choice.of, 1);
  const count = Math.min(of, MAX_REQUESTS);
  return { requests: spread(action, choices, of, count), count, of };
}

function* spread(action: Action, choices: readonly Choice[], of: number, count: number): Generator<PolicyRequest> {
  const isAll = of <= MAX_REQUESTS;
  let state = 1;
  for (let i = 0; i < count; i += 1) {
    const draft = blank(action);
    let rest = i;
    for (const choice of choices) {
      // A linear congruential generator (Numerical Recipes): the same sample every time, so that an analysis can be had again.
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const pick = isAll ? rest % choice.of : Math.floor((state / 2 ** 32) * choice.of);
      rest = Math.floor(rest / choice.of);
      choice.apply(draft, pick);
    }
    yield draft;
  }
}

function blank(action: Action): Draft {
  return {
    action,
    principal: { id: "(someone)", tenant: "(a tenant)", kind: "user", roles: [], groups: [], capabilities: [], amr: [] },
    resource: { name: "(any other)", risk: action === "tool" ? "read" : "", tags: [], agent: "", owner: "" },
    context: {
      tenant: "(a tenant)",
      now: Date.parse("2026-01-07T12:00:00Z"),
      history: [],
      labels: [],
      channel: action === "route" ? "http" : "session",
    },
  };
}

/** Members that are values of other attributes are chosen last, when those stand. */
function choicesOf(name: AttributeName, domain: Domain): (Choice & { readonly isLate: boolean })[] {
  switch (domain.kind) {
    case "texts":
      return [{ of: domain.values.length, isLate: false, apply: (draft, pick) => setText(draft, name, domain.values[pick] ?? "") }];
    case "numbers":
      return [{ of: domain.values.length, isLate: false, apply: (draft, pick) => setNumber(draft, name, domain.values[pick]) }];
    case "instants":
      return [
        {
          of: domain.values.length,
          isLate: false,
          apply: (draft, pick) => {
            draft.context.now = domain.values[pick] ?? draft.context.now;
          },
        },
      ];
    case "set":
      return [
        ...domain.members.map((member) => ({
          of: 2,
          isLate: false,
          apply: (draft: Draft, pick: number) => {
            if (pick === 1) addMember(draft, name, member);
          },
        })),
        ...domain.membersIn.map((other) => ({
          of: 2,
          isLate: true,
          apply: (draft: Draft, pick: number) => {
            if (pick === 1) addMember(draft, name, textIn(draft, other));
          },
        })),
      ];
  }
}

function setText({ principal, resource, context }: Draft, name: AttributeName, value: string): void {
  if (name === "principal.id") principal.id = value;
  else if (name === "principal.tenant") principal.tenant = value;
  else if (name === "principal.kind") principal.kind = value;
  else if (name === "principal.actor") principal.actor = value;
  else if (name === "principal.client") principal.client = value;
  else if (name === "resource.name") resource.name = value;
  else if (name === "resource.risk") resource.risk = value;
  else if (name === "resource.agent") resource.agent = value;
  else if (name === "resource.owner") resource.owner = value;
  else if (name === "context.tenant") context.tenant = value;
  else if (name === "context.channel") context.channel = value;
}

function setNumber({ principal, context }: Draft, name: AttributeName, value: number | undefined): void {
  if (value === undefined) return;
  if (name === "principal.mfaAgeSeconds") principal.mfaAgeSeconds = value;
  else if (name === "context.costMicros") context.costMicros = value;
}

function addMember({ principal, resource, context }: Draft, name: AttributeName, member: string): void {
  if (name === "principal.roles") principal.roles = [...principal.roles, member];
  else if (name === "principal.groups") principal.groups = [...principal.groups, member];
  else if (name === "principal.capabilities") principal.capabilities = [...principal.capabilities, member];
  else if (name === "principal.amr") principal.amr = [...principal.amr, member];
  else if (name === "resource.tags") resource.tags = [...resource.tags, member];
  else if (name === "context.history") context.history = [...context.history, member];
  else if (name === "context.labels") context.labels = [...context.labels, member];
}

function textIn({ principal, resource, context }: Draft, name: AttributeName): string {
  const texts: Partial<Record<AttributeName, string | undefined>> = {
    "principal.id": principal.id,
    "principal.tenant": principal.tenant,
    "principal.kind": principal.kind,
    "principal.actor": principal.actor,
    "principal.client": principal.client,
    "resource.name": resource.name,
    "resource.risk": resource.risk,
    "resource.agent": resource.agent,
    "resource.owner": resource.owner,
    "context.tenant": context.tenant,
    "context.channel": context.channel,
  };
  return texts[name] ?? "";
}
