/**
 * The shapes of work a request can ask for, with the framework whose form says it most plainly, and the words that ask for it. The first
 * sign of a pattern that is found is told as the reason. Where several patterns are asked for, the one of the highest weight is taken.
 */
export const PATTERNS = [
  "schedule",
  "approval",
  "review-loop",
  "debate",
  "handoff",
  "hierarchy",
  "fan-out",
  "data-project",
  "sequence",
  "single-agent",
] as const;
export type Pattern = (typeof PATTERNS)[number];

/** Who reads such a definition: a framework's adapter, or a part of the platform. */
export type RouteAdapter = "soma" | "crewai" | "autogen" | "langgraph" | "kamachiq" | "agent-spec" | "a2a";

interface Sign {
  readonly pattern: Pattern;
  readonly weight: number;
  readonly words: RegExp;
  readonly why: string;
}

export const ADAPTER_OF: Readonly<Record<Pattern, RouteAdapter>> = {
  schedule: "soma",
  approval: "langgraph",
  "review-loop": "langgraph",
  debate: "autogen",
  handoff: "autogen",
  hierarchy: "crewai",
  "fan-out": "langgraph",
  "data-project": "kamachiq",
  sequence: "crewai",
  "single-agent": "soma",
};

/** English, as the rest of the embedded rules. They are looked for in words with one space between them. */
export const SIGNS: readonly Sign[] = [
  {
    pattern: "schedule",
    weight: 10,
    words:
      /\b(every|each)\s+(\d+\s+)?(minutes?|hours?|day|morning|evening|night|weekday|week|month|quarter|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b(?!\s+(in|of)\s+the\s+(data|table|file))/i,
    why: "it is to happen again and again",
  },
  {
    pattern: "schedule",
    weight: 10,
    words:
      /(?<!the )\b(hourly|nightly)\b(?! (figures|sales|averages?|numbers|data|totals?|rates?|report\w*))|\bon a (daily|weekly|monthly) basis\b/i,
    why: "it is to happen again and again",
  },
  {
    pattern: "approval",
    weight: 9,
    words:
      /\b(after|once|until|unless|when|if|wait for|needs?|requires?|get|with|ask(?:ing)? (?:me |us |\w+ )?for|before|pending)\s+(?:i |we |me |my |our |the |\w+'s |a )?(?:\w+ ){0,3}?(approv\w+|sign(?:s|ed)?[ -]?off|confirm(?:s|ed|ation)?|consent|go[- ]ahead|ok(?:ay)?s?)\b/i,
    why: "a person has to approve",
  },
  {
    pattern: "approval",
    weight: 9,
    words: /\b(ask|check with|run it by|show(?: it)? (?:to )?)\s*(me|us|my \w+|the \w+)\s+(?:first|before)\b/i,
    why: "a person has to approve",
  },
  {
    pattern: "review-loop",
    weight: 8,
    words:
      /\b(until (?:it|they|the \w+|all \w+|every\w*) (?:is|are|pass\w*|meets?|looks?|has|have|reads?|satisf\w+)|(?:keep|go on) (?:improving|revising|rewriting|refining|fixing|working)|revise (?:it|them)? ?(?:again|until|based on)|review and (?:revise|rewrite|improve|fix)|critique and (?:improve|revise)|iterate|several rounds|self[- ]?(?:review|critique|correct))/i,
    why: "work is judged and done again until it is good",
  },
  {
    pattern: "debate",
    weight: 7,
    words:
      /\b(debate|argue|both sides|pros and cons|for and against|devil'?s advocate|discuss(?:ion|es)? (?:among|between|with each)|discuss (?:it |this |whether|together)|panel|brainstorm together|opposing (?:views|sides))\b/i,
    why: "several voices discuss it",
  },
  {
    pattern: "handoff",
    weight: 7,
    words:
      /\b(hand(?:s|ed)? (?:it |them |the \w+ )?(?:over|off)|transfer (?:it |them |the \w+ )?to|route (?:it|them|the \w+|each \w+|customers?|questions?|tickets?) to|escalate|triage|pass (?:it|them|the \w+) on to)\b/i,
    why: "whoever fits takes it over",
  },
  {
    pattern: "hierarchy",
    weight: 6,
    words:
      /\b(delegat\w+|manager|supervisor|team of|crew of|specialists|lead (?:agent|a team)|coordinat\w+|sub-?agents|assign (?:the )?(?:tasks|work|parts)|departments?)\b/i,
    why: "someone leads and gives out the work",
  },
  {
    pattern: "fan-out",
    weight: 5,
    words:
      /\b(for (?:each|every|all)\b|(?:each|every one|all) of (?:these|the following|them|those)|in parallel|at the same time|simultaneously|one (?:\w+ )?(?:per|for each)|respectively)/i,
    why: "the same is done for many",
  },
  {
    pattern: "data-project",
    weight: 4,
    words:
      /\b(data ?sets?|csv|tsv|spreadsheet|tables?|columns?|rows|correlat\w+|average|median|distribution|histogram|trend\w*|outliers?|per (?:region|month|year|customer|product|group|category)|by (?:region|month|year|product|group|category))\b/i,
    why: "it asks about data, which a project with checked figures and a report answers",
  },
  {
    pattern: "sequence",
    weight: 3,
    words: /\b(and then|after that|afterwards|finally|step \d|followed by|(?:then|next),? \w+)\b/i,
    why: "one step follows another",
  },
];
