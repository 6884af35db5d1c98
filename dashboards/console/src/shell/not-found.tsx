import { Link } from "@tanstack/react-router";
import { LINK } from "../ui/link-style.ts";
import { Heading } from "../ui/page.tsx";

export function NotFound() {
  return (
    <div className="space-y-3">
      <Heading title="There is no such page" />
      <p>
        Go to{" "}
        <Link to="/projects" className={LINK}>
          the projects
        </Link>
        .
      </p>
    </div>
  );
}
