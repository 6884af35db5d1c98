import { z } from "zod";

/**
 * What a principal may be able to do: a closed list, one a route or class of tools. Roles are sets of these; Cedar
 * policies see them as `principal.capabilities` and may narrow them further.
 */
export const CAPABILITIES = [
  "sessions.read",
  "sessions.write",
  "projects.read",
  "projects.write",
  "projects.approve",
  "runs.read",
  "runs.write",
  "runs.approve",
  "templates.read",
  "templates.write",
  "schedules.read",
  "schedules.write",
  "training.admin",
  "artifacts.read",
  "artifacts.write",
  "capsules.read",
  "capsules.write",
  "tools.read",
  "tools.invoke",
  "memory.read",
  "memory.write",
  "audit.read",
  "operations.read",
  "operations.write",
  "identity.read",
  "identity.write",
  "billing.read",
  "tenants.write",
] as const;

export const capabilitySchema = z.enum(CAPABILITIES);
export type Capability = z.infer<typeof capabilitySchema>;

/** The roles a tenant has from the start. `operator` runs the platform itself and belongs to no tenant's data. */
export const ROLES = {
  admin: CAPABILITIES.filter((capability) => capability !== "tenants.write"),
  member: [
    "sessions.read",
    "sessions.write",
    "projects.read",
    "projects.write",
    "projects.approve",
    "runs.read",
    "runs.write",
    "runs.approve",
    "templates.read",
    "templates.write",
    "schedules.read",
    "schedules.write",
    "artifacts.read",
    "artifacts.write",
    "capsules.read",
    "capsules.write",
    "tools.read",
    "tools.invoke",
    "memory.read",
    "memory.write",
  ],
  viewer: [
    "sessions.read",
    "projects.read",
    "runs.read",
    "templates.read",
    "schedules.read",
    "artifacts.read",
    "capsules.read",
    "tools.read",
  ],
  operator: ["tenants.write", "operations.read", "operations.write"],
} as const satisfies Record<string, readonly Capability[]>;

export const roleSchema = z.enum(["admin", "member", "viewer", "operator"]);
