import { hashPassword } from "../workers/identity/sign-in/password-hash.ts";

/** How long one password takes to hash here: the median and the slowest of twenty, one after the other. */
const times: number[] = [];
for (let i = 0; i < 20; i += 1) {
  const before = performance.now();
  await hashPassword("seven glaciers melt slowly");
  times.push(performance.now() - before);
}
times.sort((a, b) => a - b);
console.log(`median ${times[10]?.toFixed(0)} ms, slowest ${times[19]?.toFixed(0)} ms`);
