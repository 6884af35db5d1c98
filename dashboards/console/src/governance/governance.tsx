import { Link, Outlet } from "@tanstack/react-router";

const PLACE =
  "block rounded-lg px-3 py-1.5 text-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-ink";

/** What of governance can be looked at. */
const PLACES = [
  ["/governance/kill-switch", "Kill switch"],
  ["/governance/policies", "Policies"],
  ["/governance/decisions", "Decisions"],
  ["/governance/constitution", "Constitution"],
  ["/governance/audit", "Audit"],
  ["/governance/people", "People"],
  ["/governance/keys", "API keys"],
] as const;

/** The frame of all that governs: its places beside the one that is looked at. */
export function Governance() {
  return (
    <div className="grid gap-6 md:grid-cols-[11rem_1fr]">
      <nav aria-label="Governance" className="flex flex-wrap gap-1 text-sm md:flex-col">
        {PLACES.map(([to, name]) => (
          <Link key={to} to={to} className={PLACE}>
            {name}
          </Link>
        ))}
      </nav>
      <div className="min-w-0">
        <Outlet />
      </div>
    </div>
  );
}
