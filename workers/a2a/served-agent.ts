/** One thing an agent says it can do (§4.4.5). */
export interface AgentSkill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly examples?: readonly string[];
}

/** An agent of this platform as other agents see it. */
export interface ServedAgent {
  /** Part of its address: `/a2a/{name}`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** When what its card says last changed, in milliseconds since the epoch. */
  readonly changedAt: number;
  /** Media types it takes: whole (`text/plain`), by their beginning (`text/*`), or all of them. */
  readonly inputModes: readonly string[];
  readonly outputModes: readonly string[];
  readonly skills: readonly AgentSkill[];
}

/** The agent that every platform has, and the one that answers where no other is named. */
export const ANALYST: ServedAgent = {
  name: "analyst",
  title: "SomaAgent Analyst",
  description:
    "Answers questions about data and documents with the tools and capsules of this platform, and says plainly when it cannot. Every task is a durable run: it survives restarts, waits for people as long as it must, and leaves a record of every step.",
  version: "1.0.0",
  changedAt: Date.UTC(2026, 10, 21),
  inputModes: ["text/plain", "text/markdown", "application/json"],
  outputModes: ["text/plain", "application/json"],
  skills: [
    {
      id: "answer",
      name: "Answer a question",
      description: "Works on a question or an order in plain words and answers with what it found out, or says what it needs.",
      tags: ["question", "analysis", "data"],
      examples: ["What does this platform's analyst do?"],
    },
  ],
};

/** True when the agent takes a part of this media type. */
export function takes(agent: ServedAgent, mediaType: string): boolean {
  const type = mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  return agent.inputModes.some((mode) => mode === "*/*" || mode === type || (mode.endsWith("/*") && type.startsWith(mode.slice(0, -1))));
}
