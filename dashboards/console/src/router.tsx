import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { z } from "zod";
import { Audit } from "./governance/audit.tsx";
import { Constitution } from "./governance/constitution.tsx";
import { ConstitutionVersionPage } from "./governance/constitution-version.tsx";
import { Decisions } from "./governance/decisions.tsx";
import { Governance } from "./governance/governance.tsx";
import { Keys } from "./governance/keys.tsx";
import { KillSwitch } from "./governance/kill-switch.tsx";
import { People } from "./governance/people.tsx";
import { Policies } from "./governance/policies.tsx";
import { PolicyVersionPage } from "./governance/policy-version.tsx";
import { ProjectPage } from "./project/project-page.tsx";
import { NewProject } from "./projects/new-project.tsx";
import { Projects } from "./projects/projects.tsx";
import { ReviewPage } from "./reviews/review-page.tsx";
import { Reviews } from "./reviews/reviews.tsx";
import { RunPage } from "./run/run-page.tsx";
import { Runs, runStateSchema } from "./runs/runs.tsx";
import { SessionPage } from "./session/session-page.tsx";
import { Sessions } from "./sessions/sessions.tsx";
import { Broken } from "./shell/broken.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/projects", replace: true });
  },
});

const projects = createRoute({ getParentRoute: () => root, path: "/projects", component: Projects });
const newProject = createRoute({ getParentRoute: () => root, path: "/projects/new", component: NewProject });

/** What of a project is looked at: a task of its graph, a file it delivered. */
const lookSchema = z.object({ task: z.string().optional(), file: z.string().optional() });

const project = createRoute({
  getParentRoute: () => root,
  path: "/projects/$id",
  validateSearch: (search) => lookSchema.parse(search),
  component: function ProjectRoute() {
    const { id } = project.useParams();
    return <ProjectPage key={id} id={id} look={project.useSearch()} />;
  },
});

const reviews = createRoute({ getParentRoute: () => root, path: "/reviews", component: Reviews });

const review = createRoute({
  getParentRoute: () => root,
  path: "/reviews/$id",
  component: function ReviewRoute() {
    const { id } = review.useParams();
    return <ReviewPage key={id} id={id} />;
  },
});

/** Which runs are listed. */
const runsLookSchema = z.object({ state: runStateSchema.optional().catch(undefined) });

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: (search) => runsLookSchema.parse(search),
  component: function RunsRoute() {
    return <Runs state={runs.useSearch().state} />;
  },
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$id",
  validateSearch: (search) => z.object({ step: z.string().optional() }).parse(search),
  component: function RunRoute() {
    const { id } = run.useParams();
    return <RunPage key={id} id={id} chosen={run.useSearch().step} />;
  },
});

const sessions = createRoute({ getParentRoute: () => root, path: "/sessions", component: Sessions });

const session = createRoute({
  getParentRoute: () => root,
  path: "/sessions/$id",
  component: function SessionRoute() {
    const { id } = session.useParams();
    return <SessionPage key={id} id={id} />;
  },
});

const governance = createRoute({ getParentRoute: () => root, path: "/governance", component: Governance });
const governanceHome = createRoute({
  getParentRoute: () => governance,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/governance/kill-switch", replace: true });
  },
});
const killSwitch = createRoute({ getParentRoute: () => governance, path: "/kill-switch", component: KillSwitch });
const constitution = createRoute({ getParentRoute: () => governance, path: "/constitution", component: Constitution });
const constitutionVersion = createRoute({
  getParentRoute: () => governance,
  path: "/constitution/$id",
  component: function ConstitutionVersionRoute() {
    const { id } = constitutionVersion.useParams();
    return <ConstitutionVersionPage key={id} id={id} />;
  },
});
const policies = createRoute({ getParentRoute: () => governance, path: "/policies", component: Policies });
const policyVersion = createRoute({
  getParentRoute: () => governance,
  path: "/policies/$id",
  component: function PolicyVersionRoute() {
    const { id } = policyVersion.useParams();
    return <PolicyVersionPage key={id} id={id} />;
  },
});
const decisions = createRoute({ getParentRoute: () => governance, path: "/decisions", component: Decisions });
const people = createRoute({ getParentRoute: () => governance, path: "/people", component: People });
const keys = createRoute({ getParentRoute: () => governance, path: "/keys", component: Keys });
const audit = createRoute({
  getParentRoute: () => governance,
  path: "/audit",
  validateSearch: (search) => z.object({ object: z.string().optional(), type: z.string().optional() }).parse(search),
  component: function AuditRoute() {
    return <Audit search={audit.useSearch()} />;
  },
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    projects,
    newProject,
    project,
    reviews,
    review,
    runs,
    run,
    sessions,
    session,
    governance.addChildren([
      governanceHome,
      killSwitch,
      policies,
      policyVersion,
      decisions,
      constitution,
      constitutionVersion,
      people,
      keys,
      audit,
    ]),
  ]),
  basepath: "/console",
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
