import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { spokenText } from "../../../durable-objects/agent-turn/spoken-text.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("records what was said soon, then twice a second, also while nothing more is said", () => {
  const recorded: string[] = [];
  const spoken = spokenText((text) => recorded.push(text));
  for (let i = 0; i < 20; i += 1) {
    spoken.add("a");
    vi.advanceTimersByTime(100);
  }
  expect(recorded.length).toBeLessThanOrEqual(5);
  vi.advanceTimersByTime(10_000);
  expect(recorded.join("")).toBe("a".repeat(20));
  spoken.end();
  expect(recorded.join("")).toBe("a".repeat(20));
});

it("records the rest at the end, and leaves no timer behind", () => {
  const recorded: string[] = [];
  const spoken = spokenText((text) => recorded.push(text));
  spoken.add("all of it");
  spoken.end();
  expect(recorded).toEqual(["all of it"]);
  expect(vi.getTimerCount()).toBe(0);
});

it("tells of a record that failed while nobody could be told", () => {
  const spoken = spokenText(() => {
    throw new Error("no room");
  });
  spoken.add("a");
  vi.advanceTimersByTime(1_000);
  expect(() => spoken.add("b")).toThrow("no room");
});
