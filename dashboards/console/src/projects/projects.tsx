import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { BUTTON_LINK } from "../ui/button-link.ts";
import { LINE, LINE_LINK, Listing } from "../ui/listing.tsx";
import { Heading } from "../ui/page.tsx";
import { ProjectBadge } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";

/** All projects of the tenant, newest first. */
export function Projects() {
  const list = useInfiniteQuery(projectsQuery(useClient()));
  return (
    <div className="space-y-5">
      <Heading title="Projects">
        <Link to="/projects/new" className={BUTTON_LINK}>
          New project
        </Link>
      </Heading>
      <Listing
        list={list}
        what="projects"
        empty={
          <>
            <p className="font-medium text-ink">There are no projects yet.</p>
            <p className="mt-1">Give a brief and your files; agents plan the work, do it side by side, check it and hand over a report.</p>
          </>
        }
        keyOf={({ id }) => id}
      >
        {(project) => (
          <li className={LINE}>
            <Link to="/projects/$id" params={{ id: project.id }} className={LINE_LINK}>
              {project.title === "" ? "Untitled project" : project.title}
            </Link>
            <span className="text-sm text-soft">
              <Ago at={project.createdAt} />
            </span>
            <ProjectBadge state={project.state} />
          </li>
        )}
      </Listing>
    </div>
  );
}
