import { columnProfileSchema, type DatasetProfile, datasetProfileSchema } from "../../workers/tools/data/profile.ts";

/** What is known of a loaded table, and the file it is from. */
export interface KeptDataset {
  readonly key: string;
  readonly profile: DatasetProfile;
}

/** A wide table's profile is larger than a value in SQLite may be, so each column has a row of its own. */
export function createDatasetTables(sql: SqlStorage): void {
  sql.exec("CREATE TABLE IF NOT EXISTS _soma_datasets (name TEXT PRIMARY KEY, source_key TEXT NOT NULL, profile TEXT NOT NULL)");
  sql.exec(
    "CREATE TABLE IF NOT EXISTS _soma_dataset_columns (dataset TEXT NOT NULL, place INTEGER NOT NULL, profile TEXT NOT NULL, PRIMARY KEY (dataset, place))",
  );
}

/** Keeps what is known of a table, all or nothing. */
export function keepDataset(storage: DurableObjectStorage, key: string, { columns, ...profile }: DatasetProfile): void {
  const { sql } = storage;
  storage.transactionSync(() => {
    sql.exec(
      "INSERT OR REPLACE INTO _soma_datasets (name, source_key, profile) VALUES (?, ?, ?)",
      profile.table,
      key,
      JSON.stringify(profile),
    );
    sql.exec("DELETE FROM _soma_dataset_columns WHERE dataset = ?", profile.table);
    for (const [place, column] of columns.entries()) {
      const text = JSON.stringify(column);
      sql.exec("INSERT INTO _soma_dataset_columns (dataset, place, profile) VALUES (?, ?, ?)", profile.table, place, text);
    }
  });
}

/** What is known of every table, in the order of their names. */
export function readDatasets(sql: SqlStorage): KeptDataset[] {
  const rows = sql
    .exec<{ name: string; source_key: string; profile: string }>("SELECT name, source_key, profile FROM _soma_datasets ORDER BY name")
    .toArray();
  return rows.map(({ name, source_key, profile }) => {
    const columns = sql
      .exec<{ profile: string }>("SELECT profile FROM _soma_dataset_columns WHERE dataset = ? ORDER BY place", name)
      .toArray()
      .map((column) => columnProfileSchema.parse(JSON.parse(column.profile)));
    return { key: source_key, profile: datasetProfileSchema.parse({ ...JSON.parse(profile), columns }) };
  });
}
