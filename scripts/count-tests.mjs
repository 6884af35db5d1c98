// Counts the tests of every JSON report in a folder, and fails when one failed or there is no report.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2] ?? ".";
const reports = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
const sum = (field) => reports.reduce((total, report) => total + (report[field] ?? 0), 0);
const failed = sum("numFailedTests") + reports.filter((report) => report.success === false && report.numFailedTests === 0).length;
console.log(`Tests: ${sum("numPassedTests")} passed, ${failed} failed, ${sum("numPendingTests") + sum("numTodoTests")} skipped`);
process.exitCode = failed === 0 && reports.length > 0 ? 0 : 1;
