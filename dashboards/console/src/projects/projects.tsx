import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { BUTTON_LINK } from "../ui/button-link.ts";
import { More } from "../ui/more.tsx";
import { Empty, Heading, Loading } from "../ui/page.tsx";
import { ProjectBadge } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

/** All projects of the tenant, newest first. */
export function Projects() {
  const list = useInfiniteQuery(projectsQuery(useClient()));
  const projects = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="space-y-5">
      <Heading title="Projects">
        <Link to="/projects/new" className={BUTTON_LINK}>
          New project
        </Link>
      </Heading>
      {list.isPending && <Loading what="projects" />}
      {list.error !== null && <TroubleNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && projects.length === 0 && (
        <Empty>
          <p className="font-medium text-ink">There are no projects yet.</p>
          <p className="mt-1">Give a brief and your files; agents plan the work, do it side by side, check it and hand over a report.</p>
        </Empty>
      )}
      {projects.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel">
          {projects.map((project) => (
            <li key={project.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken">
              <Link
                to="/projects/$id"
                params={{ id: project.id }}
                className="min-w-0 flex-1 basis-56 font-medium after:absolute after:inset-0"
              >
                {project.title === "" ? "Untitled project" : project.title}
              </Link>
              <span className="text-sm text-soft">
                <Ago at={project.createdAt} />
              </span>
              <ProjectBadge state={project.state} />
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </div>
  );
}
