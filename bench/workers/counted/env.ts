import { count, type Place } from "./tally.ts";

type Method = (...args: unknown[]) => unknown;

/** The same object, with some of its methods called through `wrap`. */
function intercepted<T extends object>(target: T, wrap: (name: string, method: Method) => Method): T {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function" || typeof name === "symbol") return member;
      return wrap(name, (...args) => Reflect.apply(member, target, args));
    },
  });
}

/** The bindings of the Worker, counting what is asked of them from this place. */
export function countedEnv(place: Place, env: Env): Env {
  const counted: Record<string, unknown> = {};
  for (const [name, binding] of Object.entries(env)) counted[name] = countedBinding(place, binding);
  return Object.assign(Object.create(null), env, counted);
}

function countedBinding(place: Place, binding: unknown): unknown {
  if (typeof binding !== "object" || binding === null) return binding;
  if ("idFromName" in binding) return countedNamespace(place, binding);
  if ("prepare" in binding) return countedDatabase(place, binding);
  if ("createMultipartUpload" in binding) return countedBucket(place, binding);
  if ("sendBatch" in binding) return countedQueue(place, binding);
  return binding;
}

/** Each call of an object's method is one request to it. */
function countedNamespace<T extends object>(place: Place, namespace: T): T {
  return intercepted(namespace, (name, method) => {
    if (name !== "getByName" && name !== "get") return method;
    return (...args) => {
      const stub = method(...args);
      if (typeof stub !== "object" && typeof stub !== "function") return stub;
      return stub === null ? stub : countedStub(place, stub);
    };
  });
}

function countedStub<T extends object>(place: Place, stub: T): T {
  return intercepted(stub, (_, method) => (...args) => {
    count(place, "object requests");
    return method(...args);
  });
}

/** Rows by the numbers that D1 gives with each result. */
function countedDatabase<T extends object>(place: Place, database: T): T {
  return intercepted(database, (name, method) => {
    if (name === "prepare") return (...args) => countedStatement(place, method(...args));
    if (name !== "batch") return method;
    return async (statements) => {
      const plain = Array.isArray(statements) ? statements.map((statement) => plainStatements.get(statement) ?? statement) : statements;
      const results = await method(plain);
      count(place, "D1 calls");
      if (Array.isArray(results)) for (const result of results) countMeta(place, result);
      return results;
    };
  });
}

const plainStatements = new WeakMap<object, unknown>();

function countedStatement(place: Place, statement: unknown): unknown {
  if (typeof statement !== "object" || statement === null) return statement;
  const all = async () => {
    const result: unknown = await Reflect.apply(Reflect.get(statement, "all"), statement, []);
    count(place, "D1 calls");
    countMeta(place, result);
    return result;
  };
  const counted = intercepted(statement, (name, method) => {
    if (name === "bind") return (...args) => countedStatement(place, method(...args));
    if (name === "all" || name === "run") return all;
    // These two give no numbers of their own: they are answered from the form that does. All columns here have names of their own.
    if (name === "raw") return async () => rowsOf(await all()).map((row) => Object.values(row));
    if (name === "first") return async () => rowsOf(await all())[0] ?? null;
    return method;
  });
  plainStatements.set(counted, statement);
  return counted;
}

function rowsOf(result: unknown): object[] {
  const rows: unknown = typeof result === "object" && result !== null ? Reflect.get(result, "results") : [];
  return Array.isArray(rows) ? rows : [];
}

function countMeta(place: Place, result: unknown): void {
  const meta: unknown = typeof result === "object" && result !== null ? Reflect.get(result, "meta") : undefined;
  if (typeof meta !== "object" || meta === null) return;
  count(place, "D1 rows read", Number(Reflect.get(meta, "rows_read") ?? 0));
  count(place, "D1 rows written", Number(Reflect.get(meta, "rows_written") ?? 0));
}

const R2_WRITES = new Set(["put", "list", "createMultipartUpload"]);
const R2_READS = new Set(["get", "head"]);

function countedBucket<T extends object>(place: Place, bucket: T): T {
  return intercepted(bucket, (name, method) => (...args) => {
    if (R2_WRITES.has(name)) count(place, "R2 writes");
    if (R2_READS.has(name)) count(place, "R2 reads");
    return method(...args);
  });
}

/** A message costs an operation when it is written, and two more when it is read and deleted: those are counted where it is consumed. */
function countedQueue<T extends object>(place: Place, queue: T): T {
  return intercepted(queue, (name, method) => (...args) => {
    const [messages] = args;
    if (name === "send") count(place, "queue operations");
    if (name === "sendBatch" && Array.isArray(messages)) count(place, "queue operations", messages.length);
    return method(...args);
  });
}
