import { DurableObject } from "cloudflare:workers";
import { recordChange } from "../../workers/audit/record.ts";
import type { Amounts, Budget, Purpose } from "../../workers/billing/budget.ts";
import type { Releaser } from "../../workers/operations/kill-switch/release.ts";
import type { SwitchRecord, SwitchRules } from "../../workers/operations/kill-switch/switch-record.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { GovernanceChange } from "../../workers/platform/governance.ts";
import { parseId, type TenantId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";
import { Accounts, type Crossing, type Lease, type Standing } from "./accounts.ts";
import { BudgetList } from "./budget-list.ts";
import { GovernanceRecord } from "./governance-record.ts";
import type { LeaseRecord } from "./lease-table.ts";
import { RequestCount, type RequestsGranted, type RequestsWanted } from "./request-count.ts";
import { SwitchRegister } from "./switch-register.ts";

/** What one tenant may still do: its budget in leased slices, its requests of the running minute, what governs it, and its kill switches. One object a tenant, named by the tenant's id. */
export class TenantLedger extends DurableObject<Env> {
  readonly #budgets: BudgetList;
  readonly #accounts: Accounts;
  readonly #requests = new RequestCount();
  readonly #governance: GovernanceRecord;
  readonly #switches: SwitchRegister;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#budgets = new BudgetList(state.storage);
    this.#accounts = new Accounts(state.storage, this.#budgets);
    this.#governance = new GovernanceRecord(state.storage);
    this.#switches = new SwitchRegister(state.storage, this.#governance);
  }

  /** Grants part of the requests of one window to an isolate that asks. */
  leaseRequests(wanted: RequestsWanted): RequestsGranted {
    return this.#requests.grant(wanted);
  }

  /**
   * Leases part of the budgets to a holder, say a turn of a session: at least `need`, counting what it spends from the lease's
   * beginning. The same holder asking again gets the same lease.
   * @throws Problem `budget-exhausted` when too little is left of one of them
   */
  lease(holder: string, purpose: Purpose, need: Amounts): Lease {
    return this.#accounts.lease(holder, purpose, need, Date.now());
  }

  /** Ends a holder's lease: what was really spent is spent, the rest may be leased again. Settling twice is settling once. */
  settle(holder: string, spent: Amounts): void {
    for (const crossing of this.#accounts.settle(holder, spent, Date.now())) this.ctx.waitUntil(this.#tell(crossing));
  }

  /** A budget and where it stands. @throws Problem `not-found` */
  budget(id: string): Standing {
    return this.#accounts.standing(this.#budgets.read(id), Date.now());
  }

  /** Every budget and where it stands. */
  budgets(): Standing[] {
    return this.#budgets.all().map((budget) => this.#accounts.standing(budget, Date.now()));
  }

  /** Makes a budget, or sets another in its place; setting a limit below what is spent and leased only stops new leases. @throws Problem `limit-exceeded` */
  putBudget(budget: Budget): Standing {
    this.#budgets.put(budget);
    this.#accounts.budgetsChanged(undefined);
    return this.budget(budget.id);
  }

  /** @throws Problem `not-found`, `conflict` for the tenant's own */
  deleteBudget(id: string): void {
    this.#budgets.delete(id);
    this.#accounts.budgetsChanged(id);
  }

  /** What running work holds of a budget. @throws Problem `not-found` */
  reservations(id: string, most: number): LeaseRecord[] {
    return this.#accounts.reservations(this.#budgets.read(id), Date.now(), most);
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

  /** Tells once a period that the soft line of a budget was reached. What fails is told at the next settlement. */
  async #tell(crossing: Crossing): Promise<void> {
    const tenant = parseId("tenant", this.ctx.id.name ?? "");
    try {
      await recordChange(this.env, systemClock, ledgerOf(tenant), { action: "budget.soft-line-reached", resource: crossing.budget.id });
      this.#accounts.told(crossing);
    } catch (error) {
      log("warn", "budget.not-told", { tenant }, { budget: crossing.budget.id, error: describeError(error) });
    }
  }
}

/** The ledger itself, as the audit log names it. */
function ledgerOf(tenant: TenantId): Principal {
  return { tenant, subject: "tenant-ledger", kind: "service", roles: [], capabilities: [], credential: "none" };
}
