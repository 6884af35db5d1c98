import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const SECURITY = join(ROOT, "docs/security");
const text = readFileSync(join(SECURITY, "asvs.md"), "utf8");

/** Requirements of levels 1 and 2 in each chapter of ASVS 5.0.0, counted in the standard's own list. */
const REQUIREMENTS: Readonly<Record<number, number>> = {
  1: 27,
  2: 11,
  3: 19,
  4: 10,
  5: 9,
  6: 35,
  7: 18,
  8: 7,
  9: 7,
  10: 29,
  11: 14,
  12: 9,
  13: 13,
  14: 9,
  15: 13,
  16: 16,
  17: 7,
};
const VERDICTS = ["met", "partly", "not met", "not applicable"] as const;

const rows = [...text.matchAll(/^\| (V(\d+)\.\d+\.\d+) L([12]) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$/gm)].map(
  ([, id = "", chapter = "", , , verdict = "", where = ""]) => ({ id, chapter: Number(chapter), verdict, where }),
);

describe("what is written of ASVS", () => {
  it("names every requirement of levels 1 and 2 once", () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const counted = Map.groupBy(rows, ({ chapter }) => chapter);
    expect(Object.fromEntries([...counted].map(([chapter, all]) => [chapter, all.length]))).toEqual(REQUIREMENTS);
  });

  it("gives each one of four verdicts, says why one is not met, and counts them right", () => {
    expect(rows.filter(({ verdict }) => !VERDICTS.some((each) => each === verdict))).toEqual([]);
    expect(rows.filter(({ verdict, where }) => verdict !== "met" && where.trim() === "")).toEqual([]);
    const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
    expect(text).toContain(
      `${count("met")} met, ${count("partly")} partly, ${count("not met")} not met, ${count("not applicable")} do not apply.`,
    );
  });
});

describe("what the documents on security name", () => {
  it.each(readdirSync(SECURITY))("%s names files that are there", (name) => {
    const named = [...readFileSync(join(SECURITY, name), "utf8").matchAll(/`([\w.-]+\/[\w./-]+|[\w-]+\.(?:json|toml|ts))`/g)].map(
      ([, path = ""]) => path,
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
