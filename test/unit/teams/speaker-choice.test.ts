import { describe, expect, it } from "vitest";
import { chosenIn, nextInOrder, selectorQuestion } from "../../../workers/mao/teams/speaker-choice.ts";
import { cutMessage, historyFor, MAX_MESSAGE_CHARACTERS } from "../../../workers/mao/teams/transcript.ts";

const member = (name: string, shown = name) => ({ name, shown, description: `is ${name}` });
const WEB = member("web-surfer", "Web_Surfer");
const MEMBERS = [WEB, member("writer"), member("critic")];

describe("the choice of the next speaker", () => {
  it.each([
    ["writer", "writer"],
    ["I choose **writer**.", "writer"],
    ["Web_Surfer", "web-surfer"],
    ["Web Surfer should go on.", "web-surfer"],
    ["Web\\_Surfer", "web-surfer"],
    ['["writer"]', "writer"],
  ])("is read in %j", (answer, name) => {
    expect(chosenIn(answer, MEMBERS, MEMBERS)).toMatchObject({ name });
  });

  it.each([
    ["writers", "No participant"],
    ["", "No participant"],
    ["writer, then critic", "More than one"],
    ["Web_Surfer", "may not speak twice"],
  ])("is sent back when it is %j", (answer, reason) => {
    expect(chosenIn(answer, MEMBERS, MEMBERS.slice(1))).toContain(reason);
  });

  it("fills in a prompt's places and leaves every other brace as it is", () => {
    const prompt = 'Roles: {roles}. Of {participants}. {"json": {history}} {other}';
    expect(selectorQuestion(prompt, { members: [WEB], candidates: [WEB], history: "{roles}" })).toBe(
      'Roles: Web_Surfer: is web-surfer. Of ["Web_Surfer"]. {"json": {roles}} {other}',
    );
  });

  it("in order goes round", () => {
    expect(nextInOrder(undefined, MEMBERS, MEMBERS)?.name).toBe("web-surfer");
    expect(nextInOrder("critic", MEMBERS, MEMBERS)?.name).toBe("web-surfer");
    expect(nextInOrder("web-surfer", MEMBERS, [WEB])?.name).toBe("web-surfer");
  });
});

describe("what a participant sees of the conversation", () => {
  const said = (speaker: string, text: string) => ({ speaker, text, at: 0 });
  const shown = (name: string) => name.toUpperCase();

  it("is its own words as its own, others' under their names, and ends with something to answer", () => {
    expect(historyFor([said("user", "Task"), said("a", "1"), said("b", "2"), said("a", "3")], "a", shown, undefined)).toEqual([
      { role: "user", text: "Task" },
      { role: "assistant", text: "1", calls: [] },
      { role: "user", text: "B: 2" },
      { role: "assistant", text: "3", calls: [] },
      { role: "user", text: "Please go on." },
    ]);
  });

  it("keeps the task and the newest when not all fits, and says what is missing", () => {
    const long = Array.from({ length: 10 }, (_, i) => said("b", `${i}`.repeat(19_000)));
    const [first] = historyFor([said("user", "Task"), ...long], "a", shown, "Now you.");
    expect(first?.role === "user" && first.text.startsWith("Task\n\n(The next 5 messages are not shown.)\n\nB: 5555")).toBe(true);
    expect(first?.role === "user" && first.text.endsWith("9999\n\nNow you.")).toBe(true);
  });

  it("is bounded message by message", () => {
    expect(cutMessage("x".repeat(MAX_MESSAGE_CHARACTERS + 5))).toContain("remaining 5 characters");
  });
});
