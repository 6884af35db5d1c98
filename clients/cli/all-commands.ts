import type { Command } from "./command.ts";
import { artifactCommands } from "./commands/artifacts.ts";
import { auditCommands } from "./commands/audit.ts";
import { budgetCommands } from "./commands/budgets.ts";
import { catalogueCommands } from "./commands/catalogue.ts";
import { chat } from "./commands/chat.ts";
import { complianceCommands } from "./commands/compliance.ts";
import { constitutionCommands } from "./commands/constitution.ts";
import { demo } from "./commands/demo.ts";
import { tailEvents } from "./commands/events.ts";
import { governanceCommands } from "./commands/governance.ts";
import { killSwitchCommands } from "./commands/kill-switch.ts";
import { login, logout, whoami } from "./commands/login.ts";
import { memoryCommands } from "./commands/memory.ts";
import { peopleCommands } from "./commands/people.ts";
import { policyCommands } from "./commands/policies.ts";
import { runProject } from "./commands/project-run.ts";
import { projectCommands } from "./commands/projects.ts";
import { proveProject } from "./commands/prove.ts";
import { proveStopped } from "./commands/prove-stopped.ts";
import { proveTamperCommand } from "./commands/prove-tamper.ts";
import { runCommands } from "./commands/runs.ts";
import { scheduleCommands } from "./commands/schedules.ts";
import { secretCommands } from "./commands/secrets.ts";
import { sessionCommands } from "./commands/sessions.ts";
import { templateCommands } from "./commands/templates.ts";

/** Every command of `soma`, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  demo,
  login,
  logout,
  whoami,
  chat,
  ...sessionCommands,
  runProject,
  ...projectCommands,
  ...templateCommands,
  ...runCommands,
  ...scheduleCommands,
  tailEvents,
  ...artifactCommands,
  ...catalogueCommands,
  ...memoryCommands,
  ...constitutionCommands,
  ...complianceCommands,
  ...auditCommands,
  ...peopleCommands,
  ...governanceCommands,
  ...policyCommands,
  ...budgetCommands,
  ...killSwitchCommands,
  ...secretCommands,
  proveProject,
  proveStopped,
  proveTamperCommand,
];
