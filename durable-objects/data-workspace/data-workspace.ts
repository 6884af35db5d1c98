import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { Problem } from "../../workers/platform/problem.ts";
import { renderChart } from "../../workers/tools/chart/render.ts";
import { aggregate } from "../../workers/tools/data/aggregate.ts";
import { type Analysis, analysisSchema } from "../../workers/tools/data/analysis.ts";
import { compareGroups, compareInputSchema } from "../../workers/tools/data/compare.ts";
import { correlate, correlateInputSchema } from "../../workers/tools/data/correlate.ts";
import { describe, describeInputSchema } from "../../workers/tools/data/describe.ts";
import { distribution, distributionInputSchema } from "../../workers/tools/data/distribution.ts";
import type { AnalysisDraft } from "../../workers/tools/data/draft.ts";
import { Inquiry, type QueryResult } from "../../workers/tools/data/inquiry.ts";
import { measurementSchema } from "../../workers/tools/data/measurement.ts";
import type { DatasetProfile } from "../../workers/tools/data/profile.ts";
import { rank, rankInputSchema } from "../../workers/tools/data/rank.ts";
import { trendInputSchema, trendOverTime } from "../../workers/tools/data/trend.ts";
import { answerFromPassages } from "../../workers/tools/documents/answer.ts";
import { decodedText, plainText } from "../../workers/tools/documents/plain-text.ts";
import { boundedQuery, type Relation } from "./bounded-query.ts";
import { createDatasetTables, type KeptDataset, keepDataset, readDatasets } from "./dataset-store.ts";
import { createDocumentTables, type DocumentSummary, findPassages, keepDocument, listDocuments, readDocument } from "./document-store.ts";
import { loadTable, tableName } from "./load-table.ts";
import { profileColumn } from "./profile-table.ts";

/** A document is held whole while its passages are cut; larger texts are data. */
const MAX_DOCUMENT_BYTES = 10_000_000;
const MAX_TABLES = 50;
/** Passages the index hands to the answer. */
const PASSAGES_A_QUESTION = 12;

export const analysisKindSchema = z.enum(["describe", "compare", "trend", "rank", "correlate", "distribution", "aggregate"]);
export type AnalysisKind = z.infer<typeof analysisKindSchema>;

/** The tables and documents of one project or session, in SQLite of their own, and the questions that can be asked of them. */
export class DataWorkspace extends DurableObject<Env> {
  /** Loads under way, by the key of their file. */
  readonly #loads = new Map<string, { readonly table: string; readonly profile: Promise<DatasetProfile> }>();

  /** What is known of the tables, once it was read. */
  #datasets: KeptDataset[] | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { sql } = state.storage;
    createDatasetTables(sql);
    createDocumentTables(sql);
  }

  /**
   * Loads a stored file as a table. Loading the same key again, or while it is being loaded, gives the same table; a load that was cut
   * off is begun anew.
   * @throws Problem `invalid-data` when it is no table, `not-found` when the file is gone
   */
  async load(file: { key: string; name: string; table?: string | undefined }): Promise<DatasetProfile> {
    const known = this.#datasetOf(file.key);
    if (known !== undefined) return known;
    const underWay = this.#loads.get(file.key);
    if (underWay !== undefined) return underWay.profile;
    // The name is taken before the first await: two files of one name that load side by side are two tables.
    const table = this.#freeName(file.table ?? tableName(file.name));
    const profile = this.#loadInto(table, file).finally(() => this.#loads.delete(file.key));
    this.#loads.set(file.key, { table, profile });
    return profile;
  }

  async #loadInto(table: string, file: { key: string; name: string }): Promise<DatasetProfile> {
    const source = { name: file.name, open: () => this.#open(file.key, file.name) };
    const loaded = await loadTable(this.ctx.storage.sql, source, table);
    const profile: DatasetProfile = {
      table,
      source: file.name,
      sha256: loaded.sha256,
      format: loaded.form.format,
      rows: loaded.rows,
      columns: loaded.columns.map((column) => profileColumn(this.ctx.storage.sql, column)),
      badRowCount: loaded.badRowCount,
      badRows: [...loaded.badRows],
      notes: [...loaded.notes],
    };
    keepDataset(this.ctx.storage, file.key, profile);
    this.#datasets = undefined;
    return profile;
  }

  /** What is known of every loaded table, in the order of their names. */
  datasets(): DatasetProfile[] {
    this.#datasets ??= readDatasets(this.ctx.storage.sql);
    return this.#datasets.map(({ profile }) => profile);
  }

  /** Answers one reading query. @throws Problem `invalid-query` */
  query(sql: string, maxRows?: number): QueryResult {
    return boundedQuery(this.ctx.storage, this.datasets().flatMap(relationsOf), sql, maxRows);
  }

  /** Runs one kind of analysis; every figure in it comes from a query that it carries. @throws Problem `invalid-query`, `invalid-request` */
  async analyze(kind: AnalysisKind, input: unknown): Promise<Analysis> {
    return this.#drawn(this.#draft(kind, input));
  }

  /** Takes a stored file in as a document. @throws Problem `invalid-data`, `not-found`, `limit-exceeded` */
  async addDocument(file: { key: string; name: string }): Promise<DocumentSummary> {
    const object = await this.#object(file.key, file.name);
    if (object.size > MAX_DOCUMENT_BYTES)
      throw new Problem("invalid-data", `${file.name} has ${object.size} bytes; a document may have ${MAX_DOCUMENT_BYTES}.`);
    const body = plainText(file.name, decodedText(new Uint8Array(await object.arrayBuffer())));
    return keepDocument(this.ctx.storage, file, body);
  }

  documents(): DocumentSummary[] {
    return listDocuments(this.ctx.storage.sql);
  }

  /** The whole text of a document, as quotes count in it. @throws Problem `not-found` */
  documentText(name: string): string {
    return readDocument(this.ctx.storage.sql, name);
  }

  /** Answers a question with quotes from the documents. */
  async answer(question: string): Promise<Analysis> {
    return this.#drawn(answerFromPassages(question, findPassages(this.ctx.storage.sql, question, PASSAGES_A_QUESTION)));
  }

  #draft(kind: AnalysisKind, input: unknown): AnalysisDraft {
    const inquiry = new Inquiry((sql) => this.query(sql));
    switch (kind) {
      case "describe":
        return describe(inquiry, this.#dataset(describeInputSchema.parse(input).table));
      case "compare": {
        const parsed = compareInputSchema.parse(input);
        return compareGroups(inquiry, this.#dataset(parsed.table), parsed);
      }
      case "trend": {
        const parsed = trendInputSchema.parse(input);
        return trendOverTime(inquiry, this.#dataset(parsed.table), parsed);
      }
      case "rank": {
        const parsed = rankInputSchema.parse(input);
        return rank(inquiry, this.#dataset(parsed.table), parsed);
      }
      case "correlate": {
        const parsed = correlateInputSchema.parse(input);
        return correlate(inquiry, this.#dataset(parsed.table), parsed);
      }
      case "distribution": {
        const parsed = distributionInputSchema.parse(input);
        return distribution(inquiry, this.#dataset(parsed.table), parsed);
      }
      case "aggregate": {
        const parsed = measurementSchema.parse(input);
        return aggregate(inquiry, this.#dataset(parsed.table), parsed);
      }
      default:
        return kind satisfies never;
    }
  }

  async #drawn(draft: AnalysisDraft): Promise<Analysis> {
    const charts = [];
    for (const plan of draft.charts) charts.push(await renderChart(plan));
    return analysisSchema.parse({ ...draft, charts });
  }

  #dataset(table: string): DatasetProfile {
    const found = this.datasets().find((dataset) => dataset.table === table);
    if (found === undefined) throw new Problem("not-found", `No table ${table} is loaded here; load one first.`);
    return found;
  }

  #datasetOf(key: string): DatasetProfile | undefined {
    this.#datasets ??= readDatasets(this.ctx.storage.sql);
    return this.#datasets.find((dataset) => dataset.key === key)?.profile;
  }

  #freeName(wanted: string): string {
    const loaded = this.datasets().flatMap((dataset) => [dataset.table, ...dataset.columns.map((column) => column.relation)]);
    const taken = new Set([...loaded, ...[...this.#loads.values()].map((load) => load.table)]);
    if (this.#loads.size + this.datasets().length >= MAX_TABLES)
      throw new Problem("limit-exceeded", `${MAX_TABLES} tables are loaded, which is all a workspace takes.`);
    let name = wanted;
    for (let copy = 2; taken.has(name); copy += 1) name = `${wanted}_${copy}`;
    return name;
  }

  async #open(key: string, name: string): Promise<ReadableStream<Uint8Array>> {
    return (await this.#object(key, name)).body;
  }

  async #object(key: string, name: string): Promise<R2ObjectBody> {
    const object = await this.env.ARTIFACTS.get(key);
    if (object === null) throw new Problem("not-found", `The file ${name} is not in storage any more.`);
    return object;
  }
}

/** The relations a table is kept in. */
function relationsOf(dataset: DatasetProfile): Relation[] {
  const names = new Set([dataset.table, ...dataset.columns.map((column) => column.relation)]);
  return [...names].map((name) => ({ name, rows: dataset.rows }));
}
