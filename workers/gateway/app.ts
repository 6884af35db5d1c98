import { a2aRoutes } from "../a2a/routes.ts";
import { artifactRoutes } from "../artifacts/routes.ts";
import { auditLogRoutes } from "../audit/log-routes.ts";
import { auditRoutes } from "../audit/routes.ts";
import { tlogRoutes } from "../audit/tlog-routes.ts";
import { billingRoutes } from "../billing/routes.ts";
import { capsuleRoutes } from "../capsules/routes.ts";
import { complianceRoutes } from "../compliance/routes.ts";
import { constitutionRoutes } from "../constitution/routes.ts";
import { accountPageRoutes } from "../identity/account/page-routes.ts";
import { accountRoutes } from "../identity/account/routes.ts";
import { apiKeyRoutes } from "../identity/api-keys/routes.ts";
import { notificationRoutes } from "../identity/email/routes.ts";
import { federationPageRoutes } from "../identity/federation/page-routes.ts";
import { federationRoutes } from "../identity/federation/routes.ts";
import { groupRoutes } from "../identity/groups/routes.ts";
import { factorAccountRoutes } from "../identity/mfa/pages/account-routes.ts";
import { factorPageRoutes } from "../identity/mfa/pages/factor-routes.ts";
import { mfaRoutes } from "../identity/mfa/routes.ts";
import { authorizeRoutes } from "../identity/oauth/authorize-routes.ts";
import { clientRoutes } from "../identity/oauth/client-routes.ts";
import { deviceRoutes } from "../identity/oauth/device-routes.ts";
import { endSessionRoutes } from "../identity/oauth/end-session-routes.ts";
import { endpointRoutes } from "../identity/oauth/endpoint-routes.ts";
import { wellKnownRoutes } from "../identity/oauth/well-known-routes.ts";
import { roleRoutes } from "../identity/roles/routes.ts";
import { identityRoutes } from "../identity/routes.ts";
import { scimRoutes } from "../identity/scim/routes.ts";
import { serviceAccountRoutes } from "../identity/service-accounts/routes.ts";
import { signInRoutes } from "../identity/sign-in/routes.ts";
import { tenantRoutes } from "../identity/tenants/routes.ts";
import { userRoutes } from "../identity/users/routes.ts";
import { projectControlRoutes } from "../kamachiq/control-routes.ts";
import { deliverableRoutes } from "../kamachiq/deliverable-routes.ts";
import { messageRoutes } from "../kamachiq/message-routes.ts";
import { reviewRoutes } from "../kamachiq/review-routes.ts";
import { kamachiqRoutes } from "../kamachiq/routes.ts";
import { runControlRoutes } from "../mao/control-routes.ts";
import { runForkRoutes } from "../mao/fork-routes.ts";
import { routeRequestRoutes } from "../mao/route-request/routes.ts";
import { runRoutes } from "../mao/routes.ts";
import { scheduleRoutes } from "../mao/schedules/routes.ts";
import { runTalkRoutes } from "../mao/talk-routes.ts";
import { memoryRoutes } from "../memory/routes.ts";
import { killSwitchRoutes } from "../operations/kill-switch/routes.ts";
import { operationsRoutes } from "../operations/routes.ts";
import { Problem } from "../platform/problem.ts";
import { newRouter } from "../platform/route.ts";
import { policyRoutes } from "../policy/routes.ts";
import { policyVersionRoutes } from "../policy/version-routes.ts";
import { secretRoutes } from "../secrets/routes.ts";
import { sessionRoutes } from "../sessions/routes.ts";
import { trainingRoutes } from "../sessions/training-routes.ts";
import { runStreamRoutes } from "../streams/run-routes.ts";
import { sessionStreamRoutes } from "../streams/session-routes.ts";
import { templateImportRoutes } from "../templates/import-routes.ts";
import { templateRoutes } from "../templates/routes.ts";
import { toolRoutes } from "../tools/routes.ts";
import { capabilityList, listCapabilities } from "./capability-list.ts";
import { crossOrigin } from "./cross-origin.ts";
import { healthRoutes } from "./health.ts";
import { identify } from "./identify.ts";
import { oauthAttempts } from "./oauth-attempts.ts";
import { openApiDocument } from "./openapi.ts";
import { pageRoutes } from "./pages.ts";
import { answerError, answerProblem } from "./problems.ts";
import { requestContext } from "./request-context.ts";

/** The front door: what every request passes, in the order it passes it, and then the services. */
export const app = newRouter();

app.onError(answerError);
app.use(requestContext);
app.use(crossOrigin);
app.use(identify);
app.use("/oauth/*", oauthAttempts);

for (const routes of [
  healthRoutes,
  pageRoutes,
  identityRoutes,
  wellKnownRoutes,
  authorizeRoutes,
  deviceRoutes,
  endpointRoutes,
  endSessionRoutes,
  clientRoutes,
  tenantRoutes,
  apiKeyRoutes,
  userRoutes,
  groupRoutes,
  roleRoutes,
  serviceAccountRoutes,
  notificationRoutes,
  accountRoutes,
  signInRoutes,
  scimRoutes,
  accountPageRoutes,
  federationRoutes,
  federationPageRoutes,
  mfaRoutes,
  factorPageRoutes,
  factorAccountRoutes,
  sessionRoutes,
  trainingRoutes,
  sessionStreamRoutes,
  kamachiqRoutes,
  projectControlRoutes,
  deliverableRoutes,
  reviewRoutes,
  messageRoutes,
  routeRequestRoutes,
  runForkRoutes,
  runRoutes,
  runTalkRoutes,
  a2aRoutes,
  runControlRoutes,
  templateImportRoutes,
  templateRoutes,
  scheduleRoutes,
  runStreamRoutes,
  artifactRoutes,
  capsuleRoutes,
  toolRoutes,
  memoryRoutes,
  billingRoutes,
  constitutionRoutes,
  complianceRoutes,
  auditRoutes,
  auditLogRoutes,
  tlogRoutes,
  operationsRoutes,
  policyRoutes,
  policyVersionRoutes,
  killSwitchRoutes,
  secretRoutes,
]) {
  app.route("/", routes);
}

let capabilities: ReturnType<typeof capabilityList> | undefined;

app.openapi(listCapabilities, (context) => {
  capabilities ??= capabilityList(openApiDocument(app));
  context.header("Cache-Control", "public, max-age=300");
  return context.json(capabilities, 200);
});

let openApi: string | undefined;

app.get("/openapi.json", (context) => {
  openApi ??= JSON.stringify(openApiDocument(app));
  return context.body(openApi, 200, { "Content-Type": "application/json" });
});

/** A path that exists with other methods names them (RFC 9110 §15.5.6); every other path is not there. */
app.notFound((context) => {
  const { path, method } = context.req;
  const matching = app.routes.filter((route) => route.method !== "ALL" && matches(route.path, path));
  const exact = matching.filter((route) => route.path === path);
  const allowed = (exact.length > 0 ? exact : matching).map((route) => route.method);
  if (allowed.includes("GET")) allowed.push("HEAD");
  if (allowed.length === 0)
    return answerProblem(new Problem("not-found", `There is nothing at ${path}; see /openapi.json for what there is.`), context);
  const problem = new Problem("method-not-allowed", `${method} is not allowed on ${path}; see /openapi.json.`);
  const response = answerProblem(problem, context);
  response.headers.set("Allow", [...new Set(allowed)].sort().join(", "));
  return response;
});

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split("/");
  const actual = path.split("/");
  return expected.length === actual.length && expected.every((segment, i) => segment.startsWith(":") || segment === actual[i]);
}
