import { describe, expect, it } from "vitest";
import {
  type Governance,
  governanceSchema,
  governed,
  isRevoked,
  merged,
  stoppingSwitch,
  UNGOVERNED,
} from "../../../workers/platform/governance.ts";

const NOW = 1_000_000;
const thrown = { id: "ksw_1", scope: "tool", target: "http.fetch", drill: false, since: NOW, reason: "leak" } as const;

describe("what governs a tenant", () => {
  it("has a higher version after every change, written first in its text", () => {
    const once = governed(UNGOVERNED, { change: "switch", thrown }, NOW);
    const switched = ["hipaa", "ferpa", "hipaa", "soc2"].reduce(
      (before, name) => governed(before, { change: "overlay", name, isOn: true }, NOW),
      once,
    );
    const twice = governed(switched, { change: "overlay", name: "soc2", isOn: false }, NOW);
    expect([once.version, twice.version]).toEqual([1, 6]);
    expect(twice.overlays).toEqual(["ferpa", "hipaa"]);
    expect(JSON.stringify(governanceSchema.parse(twice))).toMatch(/^\{"version":6,/);
  });

  it("holds a switch once, however often it is thrown, until it is released", () => {
    const twice = governed(governed(UNGOVERNED, { change: "switch", thrown }, NOW), { change: "switch", thrown }, NOW);
    expect(twice.switches).toEqual([thrown]);
    expect(governed(twice, { change: "release", id: "ksw_1" }, NOW).switches).toEqual([]);
  });

  it("takes a pin in and out", () => {
    const pin = { id: "pol_1", hash: "a".repeat(64) };
    const pinned = governed(UNGOVERNED, { change: "policy", pin }, NOW);
    expect(pinned.policy).toEqual(pin);
    expect(governed(pinned, { change: "policy" }, NOW)).not.toHaveProperty("policy");
  });

  it("forgets revocations that nothing needs any more, and refuses more than it may hold", () => {
    const revoke = (id: string, until: number) => ({ change: "revoke", revocation: { id, until } }) as const;
    const first = governed(UNGOVERNED, revoke("a", NOW + 10), NOW);
    expect(governed(first, revoke("b", NOW + 99), NOW + 10).revocations.map(({ id }) => id)).toEqual(["b"]);
    const full: Governance = { ...UNGOVERNED, revocations: Array.from({ length: 5_000 }, (_, i) => ({ id: `x${i}`, until: NOW + 1 })) };
    expect(() => governed(full, revoke("more", NOW + 1), NOW)).toThrow(/5000 revocations/);
  });

  it("revokes by id, and only what was issued before when it says so", () => {
    const state: Governance = {
      ...UNGOVERNED,
      revocations: [
        { id: "key_1", until: NOW },
        { id: "usr_1", before: 500, until: NOW },
      ],
    };
    expect(isRevoked(state, ["key_1"], 900)).toBe(true);
    expect(isRevoked(state, ["usr_1", "sid_9"], 499)).toBe(true);
    expect(isRevoked(state, ["usr_1"], 500)).toBe(false);
    expect(isRevoked(state, ["key_2"], 1)).toBe(false);
  });

  it.each([
    [{ scope: "everything" }, "model", "any", true],
    [{ scope: "tenant" }, "agent", "any", true],
    [{ scope: "tool", target: "http.fetch" }, "tool", "http.fetch", true],
    [{ scope: "tool", target: "http.fetch" }, "tool", "data.query", false],
    [{ scope: "tool", target: "http.fetch" }, "capsule", "http.fetch", false],
    [{ scope: "capsule", target: "rank" }, "capsule", "rank@^1.2", true],
    [{ scope: "capsule", target: "rank" }, "capsule", "ranking", false],
    [{ scope: "agent", target: "billing" }, "agent", "a2a:billing", true],
    [{ scope: "agent", target: "billing" }, "a2a", "billing", true],
    [{ scope: "tenant", drill: true }, "tool", "http.fetch", false],
  ] as const)("a switch %j stops a %s named %s: %s", (part, type, id, isStopped) => {
    const state: Governance = { ...UNGOVERNED, switches: [{ ...thrown, target: undefined, ...part }] };
    expect(stoppingSwitch(state, [`${type}:${id}`]) !== undefined).toBe(isStopped);
  });

  it("is the platform's with the tenant's: what the platform stops is stopped, what the operator's own tenant stops is not", () => {
    const platform: Governance = {
      ...UNGOVERNED,
      version: 3,
      constitution: { id: "con_0", hash: "0".repeat(64) },
      switches: [
        { ...thrown, id: "ksw_all", scope: "everything" },
        { ...thrown, id: "ksw_own", scope: "tenant" },
      ],
    };
    const tenant: Governance = { ...UNGOVERNED, version: 2, overlays: ["hipaa"], switches: [thrown] };
    const both = merged(platform, tenant);
    expect(both.version).toBe(5);
    expect(both.constitution?.id).toBe("con_0");
    expect(both.switches.map(({ id }) => id)).toEqual(["ksw_all", "ksw_1"]);
  });
});
