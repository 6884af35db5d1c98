import { describe, expect, it } from "vitest";
import { newTenant, type TestTenant } from "./tenant.ts";

interface ProjectBody {
  readonly id: string;
  readonly state: string;
  readonly tasks: readonly { step: string; title: string; state: string; problem?: { detail: string } }[];
  readonly questions: readonly { question: string }[];
  readonly review?: { score: number; checks: readonly { name: string; passed: boolean; detail: string }[] };
  readonly problem?: { detail: string };
}

let tenant: TestTenant | undefined;

/** Takes a brief and a file through the public door to wherever the project ends. */
async function project(
  brief: string,
  name: string,
  content: string | Uint8Array,
): Promise<{ body: ProjectBody; report: string; html: string }> {
  tenant ??= await newTenant();
  const { fetch, post } = tenant;
  const uploaded = await fetch(`/v1/artifacts?name=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "Content-Type": "text/csv" },
    body: content,
  });
  const artifact = await uploaded.json<{ id: string }>();
  const created = await post("/v1/kamachiq/projects", { brief, attachments: [artifact.id] });
  const { id } = await created.json<{ id: string }>();
  for (let i = 0; i < 2_000; i += 1) {
    const body = await (await fetch(`/v1/kamachiq/projects/${id}`)).json<ProjectBody>();
    if (!["planning", "running", "reviewing"].includes(body.state)) {
      const deliverable = async (file: string) => (await fetch(`/v1/kamachiq/projects/${id}/deliverables/${file}`)).text();
      return { body, report: await deliverable("report.md"), html: await deliverable("report.html") };
    }
    await scheduler.wait(25);
  }
  throw new Error("the project did not settle");
}

/** A figure as reports write it. */
const figure = (value: number) => {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(4)));
};
const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

const CASES: readonly { name: string; file: string; content: string | Uint8Array; brief: string; expected: readonly string[] }[] = [
  (() => {
    const rows = Array.from({ length: 240 }, (_, i) => ({
      day: (i % 28) + 1,
      month: (i % 12) + 1,
      filiale: ["Köln", "Bonn", "Ulm"][i % 3] ?? "",
      umsatz: ((i * 7919) % 20_000) / 10,
    }));
    const cell = (value: number) =>
      value
        .toFixed(2)
        .replace(".", ",")
        .replace(/\B(?=(\d{3})+,)/, ".");
    const text = `\ufeffDatum;Filiale;Umsatz\r\n${rows.map((row) => `${String(row.day).padStart(2, "0")}.${String(row.month).padStart(2, "0")}.2023;${row.filiale};${cell(row.umsatz)} €`).join("\r\n")}\r\n`;
    const of = (name: string) => mean(rows.filter((row) => row.filiale === name).map((row) => row.umsatz));
    const january = rows.filter((row) => row.month === 1).reduce((total, row) => total + row.umsatz, 0);
    return {
      name: "German sales: BOM, semicolons, decimal commas, euros, day first",
      file: "Umsatz Köln.csv",
      content: text,
      brief: "# Umsatz\n- Compare Umsatz by Filiale.\n- How did the total Umsatz develop by month?",
      expected: [...["Köln", "Bonn", "Ulm"].map((name) => figure(of(name))), figure(january)],
    };
  })(),
  (() => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      ward: `Ward ${"ABCD"[i % 4]}`,
      stay: i % 9 === 0 ? undefined : (i * 31) % 17,
      admitted: `2022-${String((i % 12) + 1).padStart(2, "0")}-15T0${i % 10}:30:00+02:00`,
    }));
    const gaps = ["", "NA", "-", "n/a"];
    const text = `patient,ward,length_of_stay,admitted_at\n${rows.map((row, i) => `P${i},${row.ward},${row.stay ?? gaps[i % 4]},${row.admitted}`).join("\n")}\n`;
    const known = rows.filter((row) => row.stay !== undefined);
    return {
      name: "hospital stays: gaps in four spellings, times with a zone",
      file: "stays.csv",
      content: text,
      brief: "- How complete is the data?\n- Compare the mean length of stay by ward.\n- How many patients were admitted per month?",
      expected: [
        figure(rows.length - known.length),
        ...["A", "B", "C", "D"].map((ward) => figure(mean(known.filter((row) => row.ward === `Ward ${ward}`).map((row) => row.stay ?? 0)))),
      ],
    };
  })(),
  (() => {
    const years = Array.from({ length: 30 }, (_, i) => 1990 + i);
    const text = `Year\tGDP growth\tCountry\n${years.flatMap((year) => ["Peru", "Chile"].map((country, i) => `${year}\t${(((year * 13) % 70) / 10 + i).toFixed(1)}\t${country}`)).join("\n")}\n`;
    const values = years.map((year) => ((year * 13) % 70) / 10);
    return {
      name: "yearly growth, tab-separated",
      file: "growth.tsv",
      content: text,
      brief: "- Compare the mean GDP growth of the countries.\n- How did GDP growth develop in each country over the years?",
      expected: [figure(mean(values)), figure(mean(values.map((value) => value + 1)))],
    };
  })(),
  (() => {
    const quarters = Array.from({ length: 24 }, (_, i) => ({
      quarter: `${2018 + Math.floor(i / 4)}-Q${(i % 4) + 1}`,
      revenue: 100 + i * 17,
    }));
    const text = `quarter,revenue\n${quarters.map((row) => `${row.quarter},"$${(row.revenue * 1000).toLocaleString("en")}"`).join("\n")}\n`;
    return {
      name: "quarters and dollars with thousands",
      file: "revenue.csv",
      content: text,
      brief: "- How did revenue develop by quarter?\n- What is the total revenue?",
      expected: ["100,000", "491,000", quarters.reduce((total, row) => total + row.revenue * 1000, 0).toLocaleString("en")],
    };
  })(),
  (() => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ team: `<script>alert(${i % 3})</script>`, points: i % 10 }));
    const text = `"select","<img src=x onerror=alert(1)>","points"\n${rows.map((row, i) => `${row.team},${i},${row.points}`).join("\n")}\n`;
    return {
      name: "markup and SQL in names and values",
      file: "evil.csv",
      content: text,
      brief: "- Compare points by select.\n- How complete is the data?",
      expected: [figure(mean(rows.filter((_, i) => i % 3 === 0).map((row) => row.points)))],
    };
  })(),
  (() => {
    const header = ["station", ...Array.from({ length: 299 }, (_, i) => `sensor_${i + 1}`)];
    const lines = Array.from({ length: 40 }, (_, row) =>
      [`S${row % 2}`, ...Array.from({ length: 299 }, (_, i) => ((row * 31 + i * 7) % 100) / 4)].join(","),
    );
    const values = Array.from({ length: 40 }, (_, row) => ({ station: `S${row % 2}`, value: ((row * 31 + 249 * 7) % 100) / 4 }));
    return {
      name: "300 columns",
      file: "sensors.csv",
      content: `${header.join(",")}\n${lines.join("\n")}\n`,
      brief: "- Compare the mean of sensor_250 by station.\n- How complete is the data?",
      expected: ["S0", "S1"].map((station) => figure(mean(values.filter((row) => row.station === station).map((row) => row.value)))),
    };
  })(),
  (() => {
    const records = Array.from({ length: 80 }, (_, i) => ({
      user: { id: `90071992547409${i + 10}00`, plan: ["free", "pro"][i % 2] },
      usage: { minutes: i * 3 },
      ...(i % 4 === 0 ? { note: "x" } : {}),
    }));
    return {
      name: "nested NDJSON with differing keys",
      file: "usage.ndjson",
      content: records.map((record) => JSON.stringify(record)).join("\n"),
      brief: "- Compare usage minutes by user plan.",
      expected: ["free", "pro"].map((plan) =>
        figure(mean(records.filter((record) => record.user.plan === plan).map((record) => record.usage.minutes))),
      ),
    };
  })(),
  (() => {
    const rows = Array.from({ length: 200_000 }, (_, i) => ({ region: `region ${i % 5}`, amount: (i * 7919) % 1_000 }));
    return {
      name: "200,000 rows",
      file: "long.csv",
      content: `region,amount\n${rows.map((row) => `${row.region},${row.amount}`).join("\n")}\n`,
      brief: "- Compare the mean amount by region.\n- How is the amount distributed?",
      expected: Array.from({ length: 5 }, (_, i) => figure(mean(rows.filter((_, at) => at % 5 === i).map((row) => row.amount)))),
    };
  })(),
];

describe("a brief over a table nobody saw", () => {
  it.each(CASES)(
    "$name",
    async ({ file, content, brief, expected }) => {
      const { body, report, html } = await project(brief, file, content);
      expect(body.problem, JSON.stringify(body.problem)).toBeUndefined();
      expect(body.questions).toEqual([]);
      expect(body.tasks.filter((task) => task.state !== "done").map((task) => [task.title, task.problem?.detail])).toEqual([]);
      expect(body.review?.checks.filter((check) => !check.passed)).toEqual([]);
      expect(body.state).toBe("delivered");
      for (const text of expected) expect(report).toContain(text);
      expect(html).not.toMatch(/<(script|img)\b/i);
    },
    120_000,
  );
});

describe("a brief over a file that is no table", () => {
  it.each([
    ["empty.csv", "", "empty.csv holds no rows that could be read as CSV"],
    ["header.csv", "region,amount\n", "header.csv holds no rows that could be read as CSV"],
    ["book.xlsx", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), "book.xlsx is a ZIP archive (an Excel workbook is one); save the sheet as CSV"],
    ["broken.json", '[{"a":1},}', "The JSON cannot be read"],
    ["words.json", '"just a text"', "words.json holds no rows"],
  ])("%s ends with what is wrong and what to do", async (file, content, reason) => {
    const { body } = await project("- Compare the mean amount by region.", file, content);
    expect(body.state).toBe("failed");
    expect(body.problem?.detail).toContain(reason);
  });
});

describe("a brief over a file with faults in it", () => {
  it("is answered from what is whole, and the report tells each fault", async () => {
    const lines = Array.from({ length: 400 }, (_, i) => `${i},region ${i % 2},${i}`);
    lines[50] = '50,"region 0,50';
    lines[60] = "60,region 0";
    const { body, report } = await project(
      "- Compare the mean amount by region.\n- How complete is the data?",
      "faults.csv",
      `id,region,amount\n${lines.join("\n")}\n`,
    );
    const kept = Array.from({ length: 400 }, (_, i) => i).filter((i) => i !== 50 && i !== 60);
    expect(body.state).toBe("delivered");
    expect(body.review?.score).toBe(1);
    for (const rest of [0, 1]) expect(report).toContain(figure(mean(kept.filter((i) => i % 2 === rest))));
    expect(report).toContain("a quote opens in this line and does not close");
    expect(report).toContain("2 cells where the header has 3");
  });
});
