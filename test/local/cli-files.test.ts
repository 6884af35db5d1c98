import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOutFolder, deliverTo } from "../../clients/cli/delivery.ts";
import { checkFile, readText } from "../../clients/cli/files.ts";
import { shown, shownShort } from "../../clients/cli/output.ts";
import { somaClient } from "../../clients/sdk/client.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const NO_SIGNAL = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "soma-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a file that is named", () => {
  it("must be there and be a file", () => {
    expect(() => checkFile(join(folder, "no.csv"), "--attach")).toThrow(/There is no file .*no\.csv, which is named as --attach/);
    expect(() => checkFile(folder, "--attach")).toThrow("is a folder");
  });
});

describe("a brief that is named", () => {
  it("is a file, @file, or the words themselves", async () => {
    const file = join(folder, "a brief.md");
    writeFileSync(file, "- Compare.\n");
    expect(await readText(file, "the brief")).toBe("- Compare.\n");
    expect(await readText(`@${file}`, "the brief")).toBe("- Compare.\n");
    expect(await readText("Compare the mean.", "the brief")).toBe("Compare the mean.");
    await expect(readText(join(folder, "no brief.md"), "the brief")).rejects.toThrow("There is no file");
    writeFileSync(file, " \n");
    await expect(readText(file, "the brief")).rejects.toThrow("is empty");
  });
});

describe("a folder for what is delivered", () => {
  it("may be new, empty, or hold an earlier delivery; anything else is kept", () => {
    const out = join(folder, "out");
    checkOutFolder(out);
    mkdirSync(out);
    checkOutFolder(out);
    writeFileSync(join(out, "mine.txt"), "mine");
    expect(() => checkOutFolder(out)).toThrow(/holds mine\.txt, which no delivery put there/);
    expect(() => checkOutFolder(join(out, "mine.txt"))).toThrow("is a file");
    expect(() => checkOutFolder(join(out, "mine.txt/below"))).toThrow("cannot be written");
  });
});

/** A project whose deliverables are these, and a client that brings them. */
function delivered(files: Record<string, string>, named: Record<string, string> = {}) {
  const deliverables = Object.entries(files).map(([name, text]) => ({ name, sha256: named[name] ?? sha256(text) }));
  const all: Record<string, string> = { ...files, "manifest.json": JSON.stringify({ deliverables }) };
  return somaClient({
    url: "https://soma.test",
    apiKey: "key",
    send: async (request) => new Response(all[decodeURIComponent(request.url.split("/deliverables/")[1] ?? "")]),
  });
}

describe("a delivery", () => {
  it("is written whole and takes the place of the one before", async () => {
    const out = join(folder, "out");
    await deliverTo(delivered({ "report.md": "one", "charts/a.svg": "<svg/>" }), "prj_1", out, NO_SIGNAL);
    await deliverTo(delivered({ "report.md": "two" }), "prj_2", out, NO_SIGNAL);
    expect(readFileSync(join(out, "report.md"), "utf8")).toBe("two");
    expect(readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toHaveLength(2);
    writeFileSync(join(out, "report.md"), "edited");
    expect(() => checkOutFolder(out)).toThrow("was changed since it was delivered");
  });

  it("is refused when a name leads out of the folder, or a file is not the one that the manifest names", async () => {
    const out = join(folder, "out");
    await expect(deliverTo(delivered({ "../evil.txt": "x" }), "prj_1", out, NO_SIGNAL)).rejects.toThrow("would lead out of");
    expect(readdirSync(folder)).toEqual([]);
    await expect(deliverTo(delivered({ "report.md": "x" }, { "report.md": sha256("y") }), "prj_1", out, NO_SIGNAL)).rejects.toThrow(
      "another hash",
    );
  });
});

describe("text that someone else wrote", () => {
  it("cannot drive the terminal it is shown on", () => {
    expect(shown("a\u001b[31mb\u001b]0;title\u0007c\u009b2Jd\u202ee\u0000\r\n\tf")).toBe("abcde\n\tf");
    expect(shownShort("one\n two   three", 8)).toBe("one two…");
  });
});
