CREATE TABLE "feedback_link_revocations" (
	"project" text DEFAULT 'default' NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "feedback_link_revocations_project_kind_subject_pk" PRIMARY KEY("project","kind","subject")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "unused_until" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "api_keys" SET "scope" = 'predict', "revoked_at" = coalesce("revoked_at", now()) WHERE "scope" not in ('predict', 'operate', 'admin');--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_scope" CHECK ("api_keys"."scope" in ('predict', 'operate', 'admin'));--> statement-breakpoint
DELETE FROM "user_roles" WHERE "role" not in ('viewer', 'labeller', 'developer', 'approver', 'admin');--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_role" CHECK ("user_roles"."role" in ('viewer', 'labeller', 'developer', 'approver', 'admin'));