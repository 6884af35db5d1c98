/** Numbers, the smallest first out: what may start, by its rank. A binary heap, so that ten thousand steps cost no rescans. */
export interface RankedQueue {
  readonly size: number;
  push(rank: number): void;
  /** Takes the smallest; undefined when there is none. */
  pop(): number | undefined;
}

/** An empty queue. */
export function rankedQueue(): RankedQueue {
  const heap: number[] = [];
  return {
    get size() {
      return heap.length;
    },
    push(rank) {
      heap.push(rank);
      rise(heap, heap.length - 1);
    },
    pop() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      sink(heap);
      return first;
    },
  };
}

function rise(heap: number[], from: number): void {
  for (let at = from; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (rankAt(heap, parent) <= rankAt(heap, at)) return;
    swap(heap, parent, at);
    at = parent;
  }
}

function sink(heap: number[]): void {
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    const smaller = rankAt(heap, left + 1) < rankAt(heap, left) ? left + 1 : left;
    if (rankAt(heap, at) <= rankAt(heap, smaller)) return;
    swap(heap, at, smaller);
    at = smaller;
  }
}

function rankAt(heap: readonly number[], at: number): number {
  return heap[at] ?? Number.POSITIVE_INFINITY;
}

function swap(heap: number[], a: number, b: number): void {
  [heap[a], heap[b]] = [rankAt(heap, b), rankAt(heap, a)];
}
