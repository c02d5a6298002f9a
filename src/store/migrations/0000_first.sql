CREATE TABLE "alias_changes" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"alias" text NOT NULL,
	"version" integer,
	"at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	"why" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"type" text NOT NULL,
	"uri" text NOT NULL,
	"digest" text NOT NULL,
	"properties" jsonb NOT NULL,
	"pipeline" text NOT NULL,
	"step" text NOT NULL,
	"component" text NOT NULL,
	"key" text NOT NULL,
	"execution_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"size_bytes" bigint NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "deployments" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"endpoint" text NOT NULL,
	"model_name" text NOT NULL,
	"version" integer NOT NULL,
	"role" text NOT NULL,
	"traffic" double precision NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "endpoints" (
	"name" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "execution_inputs" (
	"execution_id" text NOT NULL,
	"key" text NOT NULL,
	"artifact_id" text NOT NULL,
	CONSTRAINT "execution_inputs_execution_id_key_artifact_id_pk" PRIMARY KEY("execution_id","key","artifact_id")
);
--> statement-breakpoint
CREATE TABLE "execution_outputs" (
	"execution_id" text NOT NULL,
	"key" text NOT NULL,
	"artifact_id" text NOT NULL,
	CONSTRAINT "execution_outputs_execution_id_key_artifact_id_pk" PRIMARY KEY("execution_id","key","artifact_id")
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"run_id" text NOT NULL,
	"step" text NOT NULL,
	"component" text NOT NULL,
	"state" text NOT NULL,
	"cache_key" text,
	"key_parts" jsonb NOT NULL,
	"attempt" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"summary" text,
	"cached_from" text,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "model_versions" (
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"artifact_id" text NOT NULL,
	"digest" text NOT NULL,
	"execution_id" text NOT NULL,
	"run_id" text NOT NULL,
	"blessed" boolean NOT NULL,
	"metrics" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "model_versions_name_version_pk" PRIMARY KEY("name","version"),
	CONSTRAINT "model_versions_digest" UNIQUE("name","digest")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"pipeline" text NOT NULL,
	"state" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"seed" bigint NOT NULL,
	"definition_digest" text NOT NULL,
	"source" text,
	"git_commit" text,
	"who" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer,
	"process_started" text,
	"trigger" text NOT NULL,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"error" jsonb
);
--> statement-breakpoint
ALTER TABLE "alias_changes" ADD CONSTRAINT "alias_changes_version" FOREIGN KEY ("name","version") REFERENCES "public"."model_versions"("name","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_endpoint_endpoints_name_fk" FOREIGN KEY ("endpoint") REFERENCES "public"."endpoints"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_version" FOREIGN KEY ("model_name","version") REFERENCES "public"."model_versions"("name","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_inputs" ADD CONSTRAINT "execution_inputs_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_inputs" ADD CONSTRAINT "execution_inputs_artifact_id_artifacts_id_fk" FOREIGN KEY ("artifact_id") REFERENCES "public"."artifacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_outputs" ADD CONSTRAINT "execution_outputs_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_outputs" ADD CONSTRAINT "execution_outputs_artifact_id_artifacts_id_fk" FOREIGN KEY ("artifact_id") REFERENCES "public"."artifacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_cached_from" FOREIGN KEY ("cached_from") REFERENCES "public"."executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_artifact_id_artifacts_id_fk" FOREIGN KEY ("artifact_id") REFERENCES "public"."artifacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alias_changes_name" ON "alias_changes" USING btree ("name","alias","seq");--> statement-breakpoint
CREATE INDEX "artifacts_producer" ON "artifacts" USING btree ("pipeline","step","key","seq");--> statement-breakpoint
CREATE INDEX "artifacts_execution" ON "artifacts" USING btree ("execution_id");--> statement-breakpoint
CREATE INDEX "artifacts_type" ON "artifacts" USING btree ("type","seq");--> statement-breakpoint
CREATE INDEX "deployments_endpoint" ON "deployments" USING btree ("endpoint","until");--> statement-breakpoint
CREATE INDEX "execution_inputs_artifact" ON "execution_inputs" USING btree ("artifact_id");--> statement-breakpoint
CREATE INDEX "execution_outputs_artifact" ON "execution_outputs" USING btree ("artifact_id");--> statement-breakpoint
CREATE INDEX "executions_run" ON "executions" USING btree ("run_id","seq");--> statement-breakpoint
CREATE INDEX "executions_cache_key" ON "executions" USING btree ("cache_key","seq");--> statement-breakpoint
CREATE INDEX "executions_step" ON "executions" USING btree ("step","seq");--> statement-breakpoint
CREATE INDEX "runs_pipeline" ON "runs" USING btree ("pipeline","seq");--> statement-breakpoint
CREATE INDEX "runs_state" ON "runs" USING btree ("state");