/** What a provider keeps, so that it is still there when the provider begins again with another key. */
type Payload = Record<string, unknown>;

/** Storage for `oidc-provider` in its own form of an adapter: one for each kind of thing, over one map. */
export function adapterOver(kept: Map<string, Payload>) {
  return class {
    readonly #kind: string;

    constructor(kind: string) {
      this.#kind = kind;
    }

    async upsert(id: string, payload: Payload): Promise<void> {
      kept.set(`${this.#kind}/${id}`, payload);
    }

    async find(id: string): Promise<Payload | undefined> {
      return kept.get(`${this.#kind}/${id}`);
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return [...kept].find(([key, payload]) => key.startsWith(`${this.#kind}/`) && payload.uid === uid)?.[1];
    }

    async consume(id: string): Promise<void> {
      const payload = kept.get(`${this.#kind}/${id}`);
      if (payload !== undefined) kept.set(`${this.#kind}/${id}`, { ...payload, consumed: Math.floor(Date.now() / 1_000) });
    }

    async destroy(id: string): Promise<void> {
      kept.delete(`${this.#kind}/${id}`);
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key);
    }
  };
}
