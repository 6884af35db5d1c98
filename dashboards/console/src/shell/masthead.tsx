import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../api/client.ts";
import { tenantQuery } from "../api/queries.ts";
import mark from "../mark.svg";
import { Button } from "../ui/button.tsx";

const PLACE = "rounded-lg px-2.5 py-1.5 font-medium text-soft hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:text-ink";

/** Where one can go, whose platform this is, and the way out. */
export function Masthead({ onSignOut }: { readonly onSignOut: () => void }) {
  const { data: tenant } = useQuery(tenantQuery(useClient()));
  return (
    <header className="border-b border-line bg-panel">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 sm:px-6">
        <Link to="/projects" className="flex items-center gap-2 font-semibold">
          <img src={mark} alt="" className="size-7" />
          SomaAgent
        </Link>
        <nav aria-label="Main" className="order-last flex w-full flex-wrap gap-1 text-sm sm:order-none sm:w-auto">
          <Link to="/projects" className={PLACE}>
            Projects
          </Link>
          <Link to="/reviews" className={PLACE}>
            Reviews
          </Link>
          <Link to="/runs" className={PLACE}>
            Runs
          </Link>
          <Link to="/sessions" className={PLACE}>
            Sessions
          </Link>
          <Link to="/governance" className={PLACE}>
            Governance
          </Link>
          <a href="/docs" className={PLACE}>
            API
          </a>
        </nav>
        <div className="ml-auto flex items-center gap-3">
          {tenant !== undefined && (
            <span title={tenant.id} className="max-w-40 truncate text-sm text-soft">
              {tenant.name}
            </span>
          )}
          <Button onClick={onSignOut}>Sign out</Button>
        </div>
      </div>
    </header>
  );
}
