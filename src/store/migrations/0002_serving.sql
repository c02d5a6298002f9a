CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"scope" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb NOT NULL,
	"request_id" text
);
--> statement-breakpoint
CREATE TABLE "endpoint_events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"action" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	"why" text NOT NULL,
	"before" jsonb,
	"after" jsonb
);
--> statement-breakpoint
CREATE TABLE "fact_requests" (
	"request_id" bigserial NOT NULL,
	"public_id" uuid NOT NULL,
	"logging_time" timestamp (3) with time zone NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"deployed_model_id" text NOT NULL,
	"request_payload" text[] NOT NULL,
	"response_payload" text[] NOT NULL,
	"model_name" text NOT NULL,
	"model_version" integer,
	"role" text NOT NULL,
	"shadow_of" uuid,
	"http_request_id" text NOT NULL,
	"instance" integer NOT NULL,
	"protocol" text NOT NULL,
	"api_key_id" text,
	"idempotency_key" text,
	"body_digest" text,
	"status" integer NOT NULL,
	"error_code" text,
	"label" text,
	"probability" real,
	"uncertain" boolean NOT NULL,
	"probabilities" real[],
	"image_sha256" text,
	"pixels_sha256" text,
	"image_format" text,
	"image_bytes" integer,
	"image_kept" boolean NOT NULL,
	"properties" jsonb,
	"quality" text[] NOT NULL,
	"out_of_distribution_score" real,
	"out_of_distribution" boolean NOT NULL,
	"projection" "bytea",
	"embedding" "bytea",
	"latency_ms" real NOT NULL,
	"queue_ms" real NOT NULL,
	"inference_ms" real NOT NULL,
	"attributes" jsonb NOT NULL,
	"attention" jsonb,
	CONSTRAINT "fact_requests_public_id_logging_time_pk" PRIMARY KEY("public_id","logging_time")
) PARTITION BY RANGE ("logging_time");
--> statement-breakpoint
CREATE TABLE "journal_positions" (
	"source" text PRIMARY KEY NOT NULL,
	"segment" bigint NOT NULL,
	"offset" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"name" text PRIMARY KEY NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"hash" text PRIMARY KEY NOT NULL,
	"user_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"hash" text PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	"why" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_roles" (
	"user_name" text NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "user_roles_user_name_project_pk" PRIMARY KEY("user_name","project")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"name" text PRIMARY KEY NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"disabled_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "alias_changes" ADD COLUMN "project" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "artifacts" ADD COLUMN "project" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "deployments" ADD COLUMN "project" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "project" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "display_name" text;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "settings" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "endpoints" ADD COLUMN "updated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "model_versions" ADD COLUMN "project" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "project" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "model_versions" DROP CONSTRAINT "model_versions_digest";--> statement-breakpoint
ALTER TABLE "alias_changes" DROP CONSTRAINT "alias_changes_version";
--> statement-breakpoint
ALTER TABLE "deployments" DROP CONSTRAINT "deployments_endpoint_endpoints_name_fk";
--> statement-breakpoint
ALTER TABLE "deployments" DROP CONSTRAINT "deployments_version";
--> statement-breakpoint
DROP INDEX "alias_changes_name";--> statement-breakpoint
DROP INDEX "artifacts_type";--> statement-breakpoint
DROP INDEX "deployments_endpoint";--> statement-breakpoint
DROP INDEX "runs_pipeline";--> statement-breakpoint
ALTER TABLE "model_versions" DROP CONSTRAINT "model_versions_name_version_pk";--> statement-breakpoint
ALTER TABLE "endpoints" DROP CONSTRAINT "endpoints_pkey";--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_project_name_pk" PRIMARY KEY("project","name");--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_project_name_version_pk" PRIMARY KEY("project","name","version");--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_name_users_name_fk" FOREIGN KEY ("user_name") REFERENCES "public"."users"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_user_name_users_name_fk" FOREIGN KEY ("user_name") REFERENCES "public"."users"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_project" ON "api_keys" USING btree ("project");--> statement-breakpoint
CREATE INDEX "audit_log_project" ON "audit_log" USING btree ("project","seq");--> statement-breakpoint
CREATE INDEX "endpoint_events_endpoint" ON "endpoint_events" USING btree ("project","endpoint","seq");--> statement-breakpoint
CREATE INDEX "fact_requests_endpoint" ON "fact_requests" USING btree ("project","endpoint","logging_time");--> statement-breakpoint
CREATE INDEX "fact_requests_image" ON "fact_requests" USING btree ("image_sha256");--> statement-breakpoint
CREATE INDEX "fact_requests_idempotency" ON "fact_requests" USING btree ("api_key_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "fact_requests_http" ON "fact_requests" USING btree ("http_request_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_name");--> statement-breakpoint
ALTER TABLE "alias_changes" ADD CONSTRAINT "alias_changes_version" FOREIGN KEY ("project","name","version") REFERENCES "public"."model_versions"("project","name","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_endpoint_fk" FOREIGN KEY ("project","endpoint") REFERENCES "public"."endpoints"("project","name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_version" FOREIGN KEY ("project","model_name","version") REFERENCES "public"."model_versions"("project","name","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alias_changes_name" ON "alias_changes" USING btree ("project","name","alias","seq");--> statement-breakpoint
CREATE INDEX "artifacts_type" ON "artifacts" USING btree ("project","type","seq");--> statement-breakpoint
CREATE INDEX "deployments_endpoint" ON "deployments" USING btree ("project","endpoint","until");--> statement-breakpoint
CREATE INDEX "runs_pipeline" ON "runs" USING btree ("project","pipeline","seq");--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_digest" UNIQUE("project","name","digest");--> statement-breakpoint
CREATE TABLE "fact_requests_other" PARTITION OF "fact_requests" DEFAULT;--> statement-breakpoint
INSERT INTO "projects" ("name", "description", "created_at") VALUES ('default', '', now());--> statement-breakpoint
CREATE VIEW "dim_endpoints" AS SELECT "project", "name" AS "endpoint", coalesce("display_name", "name") AS "display_name", "created_at", "updated_at", NULL::text AS "machine_type", 1::bigint AS "min_replica_count", 1::bigint AS "max_replica_count", NULL::text AS "accelerator", false AS "model_monitoring", NULL::text AS "mointoring_type", NULL::double precision AS "alert_threshold" FROM "endpoints";--> statement-breakpoint
CREATE VIEW "dim_models" AS SELECT d."project", d."id" AS "deployed_model_id", d."model_name" || '@' || d."version" AS "display_name", m."created_at", (m."metrics"->>'auc')::double precision AS "metrics_auc", r."git_commit", d."model_name", d."version", m."digest", m."blessed", m."metrics" FROM "deployments" d JOIN "model_versions" m ON m."project" = d."project" AND m."name" = d."model_name" AND m."version" = d."version" JOIN "runs" r ON r."id" = m."run_id";--> statement-breakpoint
CREATE VIEW "dim_deployments" AS SELECT d."project", d."id" AS "deployed_model_id", d."endpoint", m."run_id" AS "pipeline_run_name", d."role", d."traffic", d."since", d."until" FROM "deployments" d JOIN "model_versions" m ON m."project" = d."project" AND m."name" = d."model_name" AND m."version" = d."version";
