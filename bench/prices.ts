/**
 * Published prices in US dollars, beyond what plans include. Cloudflare's: Workers paid plan, developers.cloudflare.com (workers, durable-objects,
 * queues, d1 and r2 pricing pages), read in 2026.
 */
export const CLOUDFLARE = {
  "Worker requests": 0.3 / 1e6,
  "object requests": 0.15 / 1e6,
  "object rows written": 1 / 1e6,
  "object rows read": 0.001 / 1e6,
  "D1 rows written": 1 / 1e6,
  "D1 rows read": 0.001 / 1e6,
  "queue operations": 0.4 / 1e6,
  "R2 writes": 4.5 / 1e6,
  "R2 reads": 0.36 / 1e6,
} as const;

/** A service's price for one run of so many steps. */
export interface PeerPrice {
  readonly name: string;
  /** Where the price is published, and when it was read. */
  readonly source: string;
  dollarsOfRun(steps: number): number;
}

/** What others ask for the same runs: the cheapest reading of what they publish, without plans, storage and what runs the steps' code. */
export const PEERS: readonly PeerPrice[] = [
  {
    name: "Temporal Cloud, first tier",
    source:
      "docs.temporal.io/cloud/pricing and /cloud/actions, read in 2026: $50 a million actions, one for the start and one for each activity",
    dollarsOfRun: (steps) => (steps + 1) * (50 / 1e6),
  },
  {
    name: "Temporal Cloud, last tier",
    source: "the same: actions cost less by volume, $25 a million at the highest",
    dollarsOfRun: (steps) => (steps + 1) * (25 / 1e6),
  },
  {
    name: "LangSmith Deployment (LangGraph Platform), price of a run in 2025",
    source:
      "docs.langchain.com/langsmith/billing, text of December 2025: $0.005 an agent run, its nodes not counted, uptime on top. langchain.com/pricing of September 2026, as others transcribed it, has no price of a run any more: 0.045 units at $1.50 a vCPU hour, $49 a month for one that is always on, which no number of runs can be divided into without knowing what they do",
    dollarsOfRun: () => 0.005,
  },
];
