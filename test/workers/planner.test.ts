import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { planBrief } from "../../workers/kamachiq/planner.ts";
import type { DatasetProfile } from "../../workers/tools/data/profile.ts";
import birdstrikes from "../data/birdstrikes.csv?raw";
import co2 from "../data/co2-concentration.csv?raw";
import earthquakes from "../data/earthquakes.json?raw";
import flights from "../data/flights-2k.json?raw";
import penguins from "../data/penguins.csv?raw";
import weather from "../data/seattle-weather.csv?raw";
import employment from "../data/us-employment.csv?raw";

const sales = `\ufeffOrder Date;Region;Product;Units Sold;Unit Price;Customer Type\n${Array.from({ length: 200 }, (_, i) => `${String((i % 28) + 1).padStart(2, "0")}.${String((i % 12) + 1).padStart(2, "0")}.${2019 + (i % 4)};${["North", "South", "East"][i % 3]};${["Lamp", "Desk Chair", "Sofa"][i % 3]};${i % 40};${i % 90},5;${["Retail", "Wholesale"][i % 2]}`).join("\n")}`;
const titanic = `PassengerId,Survived,Pclass,Name,Sex,Age,Fare,Embarked\n${Array.from({ length: 100 }, (_, i) => `${i + 1},${i % 2},${(i % 3) + 1},Person ${i},${i % 2 ? "female" : "male"},${i % 7 ? 20 + (i % 50) : ""},${7.25 + i},${["S", "C", "Q"][i % 3]}`).join("\n")}`;
const staff = `employee_id,department,salary,hire_date,remote,performance_score\n${Array.from({ length: 100 }, (_, i) => `E${i},${["Sales", "IT", "HR", "Finance"][i % 4]},${40000 + i * 317},${2010 + (i % 12)}-0${(i % 9) + 1}-15,${i % 2 ? "yes" : "no"},${(i % 50) / 10}`).join("\n")}`;

const profiles = new Map<string, DatasetProfile>();

async function profileOf(name: string, text: string): Promise<DatasetProfile> {
  const known = profiles.get(name);
  if (known !== undefined) return known;
  await env.ARTIFACTS.put(`t/${name}`, text);
  const profile = await env.DATA_WORKSPACE.getByName(`t/${name}`).load({ key: `t/${name}`, name });
  profiles.set(name, profile);
  return profile;
}

/** The capsule and inputs that one goal is planned to, the table left out. */
async function planned(name: string, text: string, goal: string): Promise<unknown> {
  const outcome = planBrief({ brief: `- ${goal}`, answers: [], notes: [], datasets: [await profileOf(name, text)], documents: [] });
  if (outcome.kind === "questions") return outcome.questions.map((question) => question.question).join(" ");
  const [step] = Object.values(outcome.plan.graph.steps);
  return { capsule: step?.with.capsule, ...(typeof step?.with.inputs === "object" ? step.with.inputs : {}), table: undefined };
}

const GOALS: readonly (readonly [file: string, text: string, goal: string, expected: Record<string, unknown>])[] = [
  [
    "birdstrikes.csv",
    birdstrikes,
    "Which airport has the most strikes?",
    { capsule: "rank@^1", entities: ["Airport Name"], statistic: "count" },
  ],
  [
    "birdstrikes.csv",
    birdstrikes,
    "How did the number of strikes develop over the years?",
    { capsule: "trend-over-time@^1", time: "Flight Date", statistic: "count", period: "year" },
  ],
  [
    "birdstrikes.csv",
    birdstrikes,
    "Which operators caused the highest total cost?",
    { capsule: "rank@^1", entities: ["Aircraft Airline Operator"], measure: "Cost Total $", statistic: "sum" },
  ],
  [
    "birdstrikes.csv",
    birdstrikes,
    "What share of the strikes caused substantial damage?",
    { statistic: "share", of: [{ column: "Effect Amount of damage", op: "eq", value: "Substantial" }] },
  ],
  [
    "birdstrikes.csv",
    birdstrikes,
    "How many strikes happened in 1999?",
    { statistic: "count", filters: [{ column: "Flight Date", op: "eq", value: "1999" }] },
  ],
  [
    "birdstrikes.csv",
    birdstrikes,
    "Average speed by phase of flight",
    { measure: "Speed IAS in knots", groups: ["Phase of flight"], statistic: "mean" },
  ],
  [
    "co2.csv",
    co2,
    "How has CO2 developed since 1980?",
    { capsule: "trend-over-time@^1", measure: "CO2", filters: [{ column: "Date", op: "gte", value: "1980" }] },
  ],
  ["co2.csv", co2, "In which months is CO2 highest?", { capsule: "rank@^1", measure: "CO2", period: "month_of_year", order: "desc" }],
  ["earthquakes.json", earthquakes, "What are the strongest earthquakes?", { capsule: "rank@^1", measure: "mag", order: "desc" }],
  [
    "earthquakes.json",
    earthquakes,
    "How many earthquakes are there per day?",
    { capsule: "trend-over-time@^1", statistic: "count", period: "day" },
  ],
  [
    "flights.json",
    flights,
    "Which origin has the longest average delay?",
    { capsule: "rank@^1", entities: ["origin"], measure: "delay", statistic: "mean" },
  ],
  [
    "flights.json",
    flights,
    "only flights longer than 500 miles: average delay by origin",
    { measure: "delay", groups: ["origin"], filters: [{ column: "distance", op: "gt", value: 500 }] },
  ],
  ["flights.json", flights, "Top 10 destinations by number of flights", { entities: ["destination"], statistic: "count", n: 10 }],
  ["flights.json", flights, "At which hour of the day are delays the worst?", { measure: "delay", period: "hour_of_day", order: "desc" }],
  ["weather.csv", weather, "Which months are wettest?", { measure: "precipitation", period: "month_of_year", order: "desc" }],
  ["weather.csv", weather, "the ten windiest days", { capsule: "rank@^1", measure: "wind", order: "desc", n: 10 }],
  [
    "weather.csv",
    weather,
    "Compare 2014 and 2015 precipitation",
    { capsule: "compare-groups@^1", measure: "precipitation", time: "date", period: "year" },
  ],
  ["weather.csv", weather, "What was the hottest day?", { capsule: "rank@^1", measure: "temp_max", order: "desc" }],
  [
    "weather.csv",
    weather,
    "How many days of each weather type were there?",
    { capsule: "compare-groups@^1", statistic: "count", groups: ["weather"] },
  ],
  [
    "employment.csv",
    employment,
    "How did construction employment develop?",
    { capsule: "trend-over-time@^1", measure: "construction", time: "month" },
  ],
  ["employment.csv", employment, "Which month had the lowest nonfarm employment?", { measure: "nonfarm", period: "month", order: "asc" }],
  ["sales.csv", sales, "top 3 products by units sold", { entities: ["Product"], measure: "Units Sold", statistic: "sum", n: 3 }],
  [
    "sales.csv",
    sales,
    "How did units sold develop by quarter since 2020?",
    { measure: "Units Sold", period: "quarter", filters: [{ column: "Order Date", op: "gte", value: "2020" }] },
  ],
  ["sales.csv", sales, "Compare retail and wholesale customers by units sold", { groups: ["Customer Type"], measure: "Units Sold" }],
  [
    "sales.csv",
    sales,
    "What is the total number of units sold in the North region?",
    { statistic: "sum", measure: "Units Sold", filters: [{ column: "Region", op: "eq", value: "North" }] },
  ],
  [
    "titanic.csv",
    titanic,
    "What share of passengers survived, by class and sex?",
    { statistic: "share", of: [{ column: "Survived", op: "eq", value: 1 }], groups: ["Pclass", "Sex"] },
  ],
  ["titanic.csv", titanic, "Did women survive more often than men?", { statistic: "share", groups: ["Sex"] }],
  ["titanic.csv", titanic, "How many passengers embarked at each port?", { statistic: "count", groups: ["Embarked"] }],
  [
    "staff.csv",
    staff,
    "Which department has the highest median salary?",
    { entities: ["department"], measure: "salary", statistic: "median" },
  ],
  ["staff.csv", staff, "How many employees work remotely?", { statistic: "count", filters: [{ column: "remote", op: "eq", value: true }] }],
  ["staff.csv", staff, "Do remote workers have a higher performance score?", { measure: "performance_score", groups: ["remote"] }],
  ["penguins.csv", penguins, "Are males heavier than females within each species?", { measure: "body_mass_g", groups: ["species", "sex"] }],
  [
    "penguins.csv",
    penguins,
    "What share of the penguins are Gentoo?",
    { statistic: "share", of: [{ column: "species", op: "eq", value: "Gentoo" }] },
  ],
  [
    "penguins.csv",
    penguins,
    "Mean bill length of Adelie penguins by island",
    { measure: "bill_length_mm", groups: ["island"], filters: [{ column: "species", op: "eq", value: "Adelie" }] },
  ],
];

describe("a goal in plain words", () => {
  it.each(GOALS)("%#: %s", async (file, text, goal, expected) => {
    expect(await planned(file, text, goal), goal).toMatchObject(expected);
  });
});

describe("what the data cannot answer", () => {
  it.each([
    [
      "a measure that is not there",
      "Compare the shoe size by species.",
      "Which number is meant? penguins.csv has no column for “shoe”, “size”.",
    ],
    ["a time that is not there", "How did body mass develop over time?", "Which column says when?"],
  ])("%s becomes a question", async (_, goal, asked) => {
    const withoutYear = penguins
      .split("\n")
      .map((line) => line.split(",").slice(0, 7).join(","))
      .join("\n");
    expect(
      await planned(goal.includes("time") ? "noyear.csv" : "penguins.csv", goal.includes("time") ? withoutYear : penguins, goal),
    ).toContain(asked);
  });

  it("is asked about all at once, and nothing is planned meanwhile", async () => {
    const brief = "- Compare the shoe size by species.\n- Compare body mass by species.\n- Compare the wing colour by island.";
    const outcome = planBrief({ brief, answers: [], notes: [], datasets: [await profileOf("penguins.csv", penguins)], documents: [] });
    expect(outcome.kind === "questions" && outcome.questions.map((question) => question.about)).toEqual([
      "Compare the shoe size by species.",
      "Compare the wing colour by island.",
    ]);
  });

  it("can be answered by a person", async () => {
    const outcome = planBrief({
      brief: "- Compare the size by species.",
      answers: ["By size I mean body_mass_g."],
      notes: [],
      datasets: [await profileOf("penguins.csv", penguins)],
      documents: [],
    });
    expect(outcome.kind).toBe("plan");
  });

  it("is everything, when nothing is attached", () => {
    expect(planBrief({ brief: "Compare a by b.", answers: [], notes: [], datasets: [], documents: [] }).kind).toBe("questions");
  });
});
