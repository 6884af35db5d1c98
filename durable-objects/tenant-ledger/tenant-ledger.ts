import { DurableObject } from "cloudflare:workers";
import type { Releaser } from "../../workers/operations/kill-switch/release.ts";
import type { SwitchRecord, SwitchRules } from "../../workers/operations/kill-switch/switch-record.ts";
import type { GovernanceChange } from "../../workers/platform/governance.ts";
import { Budget, type Lease } from "./budget.ts";
import { GovernanceRecord } from "./governance-record.ts";
import { RequestCount, type RequestsGranted, type RequestsWanted } from "./request-count.ts";
import { SwitchRegister } from "./switch-register.ts";

/** What one tenant may still do: its budget in leased slices, its requests of the running minute, what governs it, and its kill switches. One object a tenant, named by the tenant's id. */
export class TenantLedger extends DurableObject<Env> {
  readonly #budget: Budget;
  readonly #requests = new RequestCount();
  readonly #governance: GovernanceRecord;
  readonly #switches: SwitchRegister;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#budget = new Budget(state.storage);
    this.#governance = new GovernanceRecord(state.storage);
    this.#switches = new SwitchRegister(state.storage, this.#governance);
  }

  /** Grants part of the requests of one window to an isolate that asks. */
  leaseRequests(wanted: RequestsWanted): RequestsGranted {
    return this.#requests.grant(wanted);
  }

  /**
   * Leases part of the budget to a holder, say a turn of a session: at least `needMicros`, counting what it spends from the lease's
   * beginning. The same holder asking again gets the same lease.
   * @throws Problem `budget-exhausted` when too little is left to lease
   */
  lease(holder: string, needMicros: number): Lease {
    return this.#budget.lease(holder, needMicros, Date.now());
  }

  /** Ends a holder's lease: what was really spent is spent, the rest may be leased again. Settling twice is settling once. */
  settle(holder: string, spentMicros: number): void {
    this.#budget.settle(holder, spentMicros);
  }

  /** Where the budget stands, in millionths of a dollar. */
  read(): { limitMicros: number; spentMicros: number; leasedMicros: number } {
    return this.#budget.read(Date.now());
  }

  /** Sets what the tenant may spend in all; lowering it below what is spent and leased only stops new leases. */
  setLimit(limitMicros: number): void {
    this.#budget.setLimit(limitMicros);
  }

  /** Throws a kill switch. Throwing the same one twice is throwing it once. @throws Problem `limit-exceeded` */
  throwSwitch(record: SwitchRecord): SwitchRecord {
    return this.#switches.throwSwitch(record, Date.now());
  }

  /** Releases a kill switch, or notes the request where it takes two people. @throws Problem `not-found`, `forbidden` */
  releaseSwitch(id: string, by: Releaser): SwitchRecord {
    return this.#switches.release(id, by, Date.now());
  }

  /** @throws Problem `not-found` */
  killSwitch(id: string): SwitchRecord {
    return this.#switches.read(id);
  }

  /** Kill switches, newest first: those before the given id; thrown or released ones, where that is said. */
  killSwitches(before: string | undefined, isReleased: boolean | undefined, limit: number): SwitchRecord[] {
    return this.#switches.list(before, isReleased, limit);
  }

  switchRules(): SwitchRules {
    return this.#switches.rules();
  }

  /** @throws Problem `conflict` when that would loosen the release of a switch that is thrown */
  setSwitchRules(rules: SwitchRules): SwitchRules {
    return this.#switches.setRules(rules);
  }

  /** What governs the tenant, as JSON text that begins with its version. */
  governance(): string {
    return JSON.stringify(this.#governance.read());
  }

  /**
   * Changes what governs the tenant, and gives what governs it then, as JSON text.
   * @throws Problem `limit-exceeded` when there is no room for another switch or revocation
   */
  changeGovernance(change: GovernanceChange): string {
    return JSON.stringify(this.#governance.change(change, Date.now()));
  }
}
