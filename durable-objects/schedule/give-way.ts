/** Work in one isolate that goes on for so long without waiting for anything outside lets the network in. */
const WORKS_FOR_MS = 100;
const GIVES_WAY_MS = 1;

/** Of this isolate, whose objects share one thread: since when they have worked, and whether they are all to wait. */
const shift = { since: 0, isOver: false };

/**
 * Resolves at once most of the time. Objects that do nothing but compute and read their own storage never wait for anything outside, and a runtime
 * looks at its sockets and clocks only when no object has anything to do: a thousand tasks would be worked on with nobody let in, and nothing of it
 * told, until the last was done. So now and then whoever calls this waits, and all others that call it meanwhile, until the runtime has looked.
 */
export async function giveWay(): Promise<void> {
  if (!shift.isOver && Date.now() - shift.since < WORKS_FOR_MS) return;
  shift.isOver = true;
  await scheduler.wait(GIVES_WAY_MS);
  shift.isOver = false;
  shift.since = Date.now();
}
