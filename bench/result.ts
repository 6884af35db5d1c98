import type { Rounds } from "./load.ts";

/** What a figure should reach or stay under. */
export interface Aim {
  readonly text: string;
  readonly isMet: boolean;
}

/** One measured figure, beside what the same machine did without the part that is measured, where there is such a peer. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Of value to peerValue: the median over the rounds, each round's two being measured one after the other. */
  readonly ratio: number | null;
  readonly aim: Aim | null;
}

interface Peer {
  readonly name: string;
  readonly rounds: readonly number[];
  /** The share of the peer's figure that is aimed at; absent where the peer is there to be looked at. */
  readonly leastRatio?: number;
}

/** A figure of several rounds beside its peer's of the same rounds. */
export function compared(name: string, rounds: readonly number[], unit: string, peer: Peer): Result {
  const ratio = median(rounds.map((value, i) => value / (peer.rounds[i] ?? Number.NaN)));
  const { leastRatio } = peer;
  return {
    name,
    value: rounded(median(rounds)),
    unit,
    peer: peer.name,
    peerValue: rounded(median(peer.rounds)),
    ratio: rounded(ratio),
    aim: leastRatio === undefined ? null : { text: `at least ${leastRatio * 100} % of it`, isMet: ratio >= leastRatio },
  };
}

/** Requests a second of a subject beside its peer's, and the processor's time that a request took, where the system tells it. */
export function comparedLoads(
  name: string,
  ours: Rounds,
  unit: string,
  peer: { name: string; rounds: Rounds; leastRatio: number },
): Result[] {
  const { rates, processorUs } = peer.rounds;
  return [
    compared(name, ours.rates, unit, { name: peer.name, rounds: rates, leastRatio: peer.leastRatio }),
    ...(processorUs.length === 0
      ? []
      : [compared(`${name}: processor time`, ours.processorUs, "µs", { name: peer.name, rounds: processorUs })]),
  ];
}

/** A figure that stands alone. @param most what it should stay under or at, where there is such an aim */
export function alone(name: string, value: number, unit: string, most?: number): Result {
  const aim = most === undefined ? null : { text: `at most ${format(most)}`, isMet: value <= most };
  return { name, value: rounded(value), unit, peer: null, peerValue: null, ratio: null, aim };
}

/** A line for people. */
export function toText(result: Result): string {
  const figure = `${result.name.padEnd(48)} ${format(result.value).padStart(8)} ${result.unit}`;
  const share = result.ratio === null ? "" : ` = ${Math.round(result.ratio * 100)} %`;
  const beside = result.peer === null || result.peerValue === null ? "" : `; ${result.peer}: ${format(result.peerValue)}${share}`;
  const aim = result.aim === null ? "" : ` (aim: ${result.aim.text}${result.aim.isMet ? "" : ", MISSED"})`;
  return figure + beside + aim;
}

/** A line for programs. */
export function toJsonLine({ name, value, unit, peer, peerValue, ratio }: Result): string {
  return JSON.stringify({ name, value, unit, peer, peerValue, ratio });
}

/** The middle of several rounds: one round that the machine disturbed does not move it. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function format(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
