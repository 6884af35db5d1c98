import { z } from "zod";
import { artifactKey } from "../../artifacts/content.ts";
import { findArtifact } from "../../artifacts/store.ts";
import { isId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { defineTool } from "../define.ts";
import type { RegisteredTool, ToolContext } from "../tool.ts";
import { analysisSchema } from "./analysis.ts";
import { compareInputSchema } from "./compare.ts";
import { correlateInputSchema } from "./correlate.ts";
import { describeInputSchema } from "./describe.ts";
import { distributionInputSchema } from "./distribution.ts";
import { measurementSchema } from "./measurement.ts";
import { cellSchema, datasetProfileSchema } from "./profile.ts";
import { rankInputSchema } from "./rank.ts";
import { MAX_SQL_CHARACTERS } from "./sql-gate.ts";
import { trendInputSchema } from "./trend.ts";

const LOAD_TIMEOUT_MS = 600_000;
const QUERY_TIMEOUT_MS = 30_000;

const fileSchema = z.strictObject({
  artifact: z.string().max(64),
  table: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,40}$/)
    .optional(),
});
const documentSchema = z.object({ name: z.string(), title: z.string(), headings: z.array(z.string()), characters: z.number().int() });

function workspace(context: ToolContext) {
  return context.env.DATA_WORKSPACE.getByName(`${context.scope.principal.tenant}/${context.scope.workspace}`);
}

/** The stored file a tool was given by id; only the tenant's own can be found. */
async function fileOf(context: ToolContext, id: string): Promise<{ key: string; name: string }> {
  const { tenant } = context.scope.principal;
  const row = isId("artifact", id) ? await findArtifact(context.env, tenant, id) : undefined;
  if (row === undefined) throw new Problem("not-found", `No artifact ${id} in this tenant.`);
  return { key: artifactKey(tenant, row.id), name: row.name };
}

function analysisTool<Input extends z.ZodType>(
  kind: "describe" | "compare" | "trend" | "rank" | "correlate" | "distribution" | "aggregate",
  title: string,
  description: string,
  input: Input,
): RegisteredTool {
  return defineTool({
    id: `data.${kind}`,
    title,
    description,
    input,
    output: analysisSchema,
    risk: "read",
    onUnknown: "retry",
    timeoutMs: QUERY_TIMEOUT_MS,
    run: async (parsed, context) => workspace(context).analyze(kind, parsed),
  });
}

/** The tools that load tables and documents and compute over them. */
export const dataTools: readonly RegisteredTool[] = [
  defineTool({
    id: "data.load",
    title: "Load a table",
    description:
      "Loads a stored CSV, TSV, JSON or NDJSON file as a table for queries and analyses; tells its columns, their types and what is missing.",
    input: fileSchema,
    output: datasetProfileSchema,
    risk: "read",
    onUnknown: "retry",
    timeoutMs: LOAD_TIMEOUT_MS,
    run: async (input, context) => workspace(context).load({ ...(await fileOf(context, input.artifact)), table: input.table }),
  }),
  defineTool({
    id: "data.query",
    title: "Ask in SQL",
    description:
      "Answers one SELECT (SQLite) over the loaded tables: at most 1,000 rows. Quote names with double quotes. A table of more than 99 columns is kept in several: a column's `relation` names its own; join them by `_row`.",
    input: z.strictObject({ sql: z.string().max(MAX_SQL_CHARACTERS) }),
    output: z.object({ columns: z.array(z.string()), rows: z.array(z.array(cellSchema)), truncated: z.boolean() }),
    risk: "read",
    onUnknown: "retry",
    timeoutMs: QUERY_TIMEOUT_MS,
    run: async (input, context) => workspace(context).query(input.sql),
  }),
  analysisTool(
    "describe",
    "Describe a table",
    "Tells what a table holds: rows, columns, missing values, ranges of its numbers.",
    describeInputSchema,
  ),
  analysisTool(
    "compare",
    "Compare groups",
    "Compares a measure, a count or a share between groups: mean, median, spread and size of each.",
    compareInputSchema,
  ),
  analysisTool(
    "trend",
    "Follow over time",
    "Follows a measure or a count over time, by day, week, month, quarter or year, for all rows or by group.",
    trendInputSchema,
  ),
  analysisTool("rank", "Rank", "Lists the highest or lowest: entities by an aggregate, or single rows by a value.", rankInputSchema),
  analysisTool("correlate", "Correlate", "Tells how closely numeric columns go together (Pearson and Spearman).", correlateInputSchema),
  analysisTool(
    "distribution",
    "Distribution of a column",
    "Tells how the values of one column spread: quartiles and histogram, or shares of categories.",
    distributionInputSchema,
  ),
  analysisTool(
    "aggregate",
    "One figure",
    "Computes one figure over the rows that match: count, sum, mean, median, smallest, largest, share, number of different values.",
    measurementSchema,
  ),
  defineTool({
    id: "documents.load",
    title: "Load a document",
    description: "Takes a stored text, Markdown or HTML file in, so that questions can be answered from it.",
    input: z.strictObject({ artifact: z.string().max(64) }),
    output: documentSchema,
    risk: "read",
    onUnknown: "retry",
    timeoutMs: QUERY_TIMEOUT_MS,
    run: async (input, context) => workspace(context).addDocument(await fileOf(context, input.artifact)),
  }),
  defineTool({
    id: "documents.answer",
    title: "Answer from documents",
    description:
      "Answers a question with sentences of the loaded documents, word for word, and where they stand; says so when none answers.",
    input: z.strictObject({ question: z.string().min(1).max(2_000) }),
    output: analysisSchema,
    risk: "read",
    onUnknown: "retry",
    timeoutMs: QUERY_TIMEOUT_MS,
    run: async (input, context) => workspace(context).answer(input.question),
  }),
];
