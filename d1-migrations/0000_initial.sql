CREATE TABLE `a2a_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`agent` text NOT NULL,
	`context` text NOT NULL,
	`state` text NOT NULL,
	`status_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `a2a_tasks_by_tenant` ON `a2a_tasks` (`tenant`,`status_at`,`id`);--> statement-breakpoint
CREATE INDEX `a2a_tasks_by_context` ON `a2a_tasks` (`tenant`,`context`,`status_at`,`id`);--> statement-breakpoint
CREATE TABLE `artifacts` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`media_type` text NOT NULL,
	`bytes` integer NOT NULL,
	`sha256` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `artifacts_by_tenant` ON `artifacts` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `audit_archives` (
	`tenant` text NOT NULL,
	`last_at` integer NOT NULL,
	`oldest_last_at` integer NOT NULL,
	`first_at` integer NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`tenant`, `last_at`, `key`)
);
--> statement-breakpoint
CREATE TABLE `audit_parts` (
	`tenant` text NOT NULL,
	`last_at` integer NOT NULL,
	`object` text NOT NULL,
	`first_seq` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`first_at` integer NOT NULL,
	`types` text NOT NULL,
	`terms` text DEFAULT '*' NOT NULL,
	`events` text NOT NULL,
	`is_training` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`tenant`, `last_at`, `object`, `first_seq`, `last_seq`, `is_training`)
);
--> statement-breakpoint
CREATE TABLE `capsules` (
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `name`, `version`)
);
--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`user_id` text NOT NULL,
	`recipient` text NOT NULL,
	`subject` text NOT NULL,
	`state` text NOT NULL,
	`sealed_text` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notifications_by_tenant` ON `notifications` (`tenant`,`id`);--> statement-breakpoint
CREATE INDEX `notifications_by_end` ON `notifications` (`expires_at`);--> statement-breakpoint
CREATE TABLE `federated_identities` (
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`tenant` text NOT NULL,
	`user` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `federated_identities_by_subject` ON `federated_identities` (`issuer`,`subject`);--> statement-breakpoint
CREATE INDEX `federated_identities_by_user` ON `federated_identities` (`tenant`,`user`);--> statement-breakpoint
CREATE TABLE `federation_issuers` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`issuer` text NOT NULL,
	`settings` text NOT NULL,
	`sealed_credential` text,
	`public_jwk` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `federation_issuers_by_tenant` ON `federation_issuers` (`tenant`,`issuer`);--> statement-breakpoint
CREATE TABLE `federation_keys` (
	`issuer` text PRIMARY KEY NOT NULL,
	`metadata` text,
	`keys` text,
	`fetched_at` integer,
	`tried_at` integer,
	`failed_at` integer,
	`last_error` text,
	`read_minute` integer NOT NULL,
	`readings` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `group_members` (
	`tenant` text NOT NULL,
	`group_id` text NOT NULL,
	`user_id` text NOT NULL,
	PRIMARY KEY(`tenant`, `group_id`, `user_id`)
);
--> statement-breakpoint
CREATE INDEX `group_members_by_user` ON `group_members` (`tenant`,`user_id`);--> statement-breakpoint
CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`display_name` text NOT NULL,
	`display_name_key` text NOT NULL,
	`external_id` text,
	`origin` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `groups_by_tenant` ON `groups` (`tenant`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `groups_by_name` ON `groups` (`tenant`,`display_name_key`);--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`user` text NOT NULL,
	`name` text NOT NULL,
	`credential_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text NOT NULL,
	`rp_id` text NOT NULL,
	`is_backed_up` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passkeys_by_credential` ON `passkeys` (`credential_id`);--> statement-breakpoint
CREATE INDEX `passkeys_by_user` ON `passkeys` (`tenant`,`user`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`digest` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`user` text NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `recovery_codes_by_user` ON `recovery_codes` (`tenant`,`user`);--> statement-breakpoint
CREATE TABLE `totp_factors` (
	`user` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`sealed_secret` text NOT NULL,
	`created_at` integer NOT NULL,
	`confirmed_at` integer,
	`last_step` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `oauth_attempts` (
	`subject` text NOT NULL,
	`window` integer NOT NULL,
	`count` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`subject`, `window`)
);
--> statement-breakpoint
CREATE INDEX `oauth_attempts_by_end` ON `oauth_attempts` (`expires_at`);--> statement-breakpoint
CREATE TABLE `oauth_clients` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`document` text NOT NULL,
	`secrets` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `oauth_clients_by_tenant` ON `oauth_clients` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `oauth_consents` (
	`tenant` text NOT NULL,
	`subject` text NOT NULL,
	`client` text NOT NULL,
	`scope` text NOT NULL,
	`granted_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `subject`, `client`)
);
--> statement-breakpoint
CREATE TABLE `oauth_device_codes` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_code_hash` text NOT NULL,
	`client` text NOT NULL,
	`scope` text NOT NULL,
	`resource` text,
	`state` text NOT NULL,
	`grant_id` text,
	`interval_seconds` integer NOT NULL,
	`polled_at` integer,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `oauth_device_codes_user_code_hash_unique` ON `oauth_device_codes` (`user_code_hash`);--> statement-breakpoint
CREATE INDEX `oauth_device_codes_by_end` ON `oauth_device_codes` (`expires_at`);--> statement-breakpoint
CREATE TABLE `oauth_grants` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`subject` text NOT NULL,
	`client` text NOT NULL,
	`scope` text NOT NULL,
	`resource` text,
	`sign_in` text NOT NULL,
	`browser_session` text,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `oauth_grants_by_subject` ON `oauth_grants` (`tenant`,`subject`);--> statement-breakpoint
CREATE INDEX `oauth_grants_by_end` ON `oauth_grants` (`expires_at`);--> statement-breakpoint
CREATE TABLE `oauth_refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`grant_id` text NOT NULL,
	`used_at` integer,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `oauth_refresh_tokens_by_end` ON `oauth_refresh_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `oauth_tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`document` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `oauth_tickets_by_end` ON `oauth_tickets` (`expires_at`);--> statement-breakpoint
CREATE TABLE `role_assignments` (
	`tenant` text NOT NULL,
	`holder` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `holder`, `role`)
);
--> statement-breakpoint
CREATE INDEX `role_assignments_by_role` ON `role_assignments` (`tenant`,`role`);--> statement-breakpoint
CREATE TABLE `roles` (
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`capabilities` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `name`)
);
--> statement-breakpoint
CREATE TABLE `service_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`active` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `service_accounts_by_tenant` ON `service_accounts` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `mail_links` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`user_id` text NOT NULL,
	`purpose` text NOT NULL,
	`secret_hash` text NOT NULL,
	`email_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mail_links_by_user` ON `mail_links` (`tenant`,`user_id`);--> statement-breakpoint
CREATE INDEX `mail_links_by_end` ON `mail_links` (`expires_at`);--> statement-breakpoint
CREATE TABLE `passwords` (
	`user_id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`hash` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sign_in_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`user_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`amr` text NOT NULL,
	`pending` text,
	`auth_time` integer NOT NULL,
	`mfa_at` integer,
	`browser` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`idle_ms` integer NOT NULL,
	`ends_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sign_in_sessions_by_user` ON `sign_in_sessions` (`tenant`,`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `sign_in_sessions_by_end` ON `sign_in_sessions` (`ends_at`);--> statement-breakpoint
CREATE TABLE `sign_in_tries` (
	`id` text PRIMARY KEY NOT NULL,
	`tries` integer NOT NULL,
	`next_at` integer NOT NULL,
	`last_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sign_in_tries_by_time` ON `sign_in_tries` (`last_at`);--> statement-breakpoint
CREATE TABLE `spent_once` (
	`digest` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`scopes` text,
	`subject` text NOT NULL,
	`secret_hash` text NOT NULL,
	`last_four` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer,
	`rotated_from` text
);
--> statement-breakpoint
CREATE INDEX `api_keys_by_tenant` ON `api_keys` (`tenant`,`id`);--> statement-breakpoint
CREATE INDEX `api_keys_by_subject` ON `api_keys` (`tenant`,`subject`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`public_jwk` text NOT NULL,
	`encrypted_private_jwk` text NOT NULL,
	`created_at` integer NOT NULL,
	`retired_at` integer
);
--> statement-breakpoint
CREATE TABLE `tenant_domains` (
	`name` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tenant_domains_by_tenant` ON `tenant_domains` (`tenant`,`name`);--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`status` text DEFAULT 'active' NOT NULL,
	`status_at` integer,
	`sign_in` text DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`user_name` text NOT NULL,
	`user_name_key` text NOT NULL,
	`display_name` text NOT NULL,
	`given_name` text,
	`family_name` text,
	`external_id` text,
	`origin` text NOT NULL,
	`active` integer NOT NULL,
	`email_verified_at` integer,
	`last_sign_in_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `users_by_tenant` ON `users` (`tenant`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_by_email` ON `users` (`tenant`,`email_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_by_user_name` ON `users` (`tenant`,`user_name_key`);--> statement-breakpoint
CREATE INDEX `users_by_external_id` ON `users` (`tenant`,`external_id`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`seq` integer NOT NULL,
	`round` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`tokens` integer NOT NULL,
	`findings` integer NOT NULL,
	`gate_opened_at` integer
);
--> statement-breakpoint
CREATE INDEX `projects_by_tenant` ON `projects` (`tenant`,`id`);--> statement-breakpoint
CREATE INDEX `projects_by_gate` ON `projects` (`tenant`,`gate_opened_at`,`id`) WHERE "projects"."gate_opened_at" is not null;--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`seq` integer NOT NULL,
	`template` text,
	`schedule` text,
	`parent` text
);
--> statement-breakpoint
CREATE INDEX `runs_by_tenant` ON `runs` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`title` text NOT NULL,
	`cron` text NOT NULL,
	`timezone` text NOT NULL,
	`is_paused` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `schedules_by_tenant` ON `schedules` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`tenant` text NOT NULL,
	`body` text NOT NULL,
	`attempts` integer NOT NULL,
	`created_at` integer NOT NULL,
	`redriven_at` integer,
	`fence` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dead_letters_by_tenant` ON `dead_letters` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `retention_sweeps` (
	`tenant` text PRIMARY KEY NOT NULL,
	`swept_at` integer NOT NULL,
	`fence` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `policy_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`kind` text NOT NULL,
	`from_version` text NOT NULL,
	`to_version` text NOT NULL,
	`state` text NOT NULL,
	`decision` text NOT NULL,
	`principal` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `policy_changes_by_tenant` ON `policy_changes` (`tenant`,`state`,`at`);--> statement-breakpoint
CREATE TABLE `policy_decisions` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`at` integer NOT NULL,
	`effect` text NOT NULL,
	`action` text NOT NULL,
	`resource` text NOT NULL,
	`subject` text NOT NULL,
	`reason` text NOT NULL,
	`policy_hash` text NOT NULL,
	`stands_for` integer NOT NULL,
	`policies` text NOT NULL,
	`obligations` text NOT NULL,
	`request` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `policy_decisions_by_time` ON `policy_decisions` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `policy_versions` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`number` integer NOT NULL,
	`note` text NOT NULL,
	`hash` text NOT NULL,
	`cases_hash` text NOT NULL,
	`policies` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`tests` text,
	`analysis` text,
	`activated_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `policy_versions_by_number` ON `policy_versions` (`tenant`,`number`);--> statement-breakpoint
CREATE TABLE `data_keys` (
	`tenant` text NOT NULL,
	`number` integer NOT NULL,
	`wrapped` text NOT NULL,
	`master_key` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `number`)
);
--> statement-breakpoint
CREATE INDEX `data_keys_by_master` ON `data_keys` (`master_key`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`sealed` text NOT NULL,
	`data_key` integer NOT NULL,
	`hosts` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `name`, `version`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sessions_by_tenant` ON `sessions` (`tenant`,`id`);--> statement-breakpoint
CREATE TABLE `template_versions` (
	`template` text NOT NULL,
	`version` integer NOT NULL,
	`hash` text NOT NULL,
	`framework` text NOT NULL,
	`steps` integer NOT NULL,
	`unmapped` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`template`, `version`)
);
--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`framework` text NOT NULL,
	`version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `templates_by_name` ON `templates` (`tenant`,`name`);