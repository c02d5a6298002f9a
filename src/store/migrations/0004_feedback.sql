CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"monitor" text NOT NULL,
	"kind" text NOT NULL,
	"endpoint" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"result_seq" bigint NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"window_end" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"silenced_until" timestamp (3) with time zone,
	"finding" jsonb NOT NULL,
	"remedy" text NOT NULL,
	"timeline" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"promotion" text NOT NULL,
	"before" text NOT NULL,
	"who" text NOT NULL,
	"role" text NOT NULL,
	"verdict" text NOT NULL,
	"why" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "approvals_once" UNIQUE("promotion","before","who")
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"project" text DEFAULT 'default' NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	CONSTRAINT "channels_project_name_pk" PRIMARY KEY("project","name")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"alert" text NOT NULL,
	"channel" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"next_at" timestamp (3) with time zone,
	"last_error" text,
	"body" text NOT NULL,
	"news" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"request" uuid NOT NULL,
	"endpoint" text NOT NULL,
	"kind" text NOT NULL,
	"label" text,
	"truth" text,
	"new_class" boolean DEFAULT false NOT NULL,
	"verdict" text,
	"event" text,
	"value" double precision,
	"source" text NOT NULL,
	"who" text NOT NULL,
	"note" text,
	"request_at" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"idempotency_key" text,
	CONSTRAINT "feedback_idempotency" UNIQUE("project","who","idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "firings" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"trigger" text NOT NULL,
	"occasion" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"why" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"who" text NOT NULL,
	"run_id" text,
	"enqueued_at" timestamp (3) with time zone,
	"error" jsonb,
	"feedback_seq" bigint,
	CONSTRAINT "firings_occasion" UNIQUE("project","trigger","occasion")
);
--> statement-breakpoint
CREATE TABLE "flywheel_photos" (
	"project" text DEFAULT 'default' NOT NULL,
	"folder" text NOT NULL,
	"span" integer NOT NULL,
	"file" text NOT NULL,
	"label" text NOT NULL,
	"request" uuid NOT NULL,
	"image_sha256" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "flywheel_photos_folder_span_file_pk" PRIMARY KEY("folder","span","file")
);
--> statement-breakpoint
CREATE TABLE "flywheel_spans" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"folder" text NOT NULL,
	"span" integer NOT NULL,
	"endpoint" text NOT NULL,
	"digest" text NOT NULL,
	"photos" integer NOT NULL,
	"labels" jsonb NOT NULL,
	"left_out" jsonb NOT NULL,
	"policy" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	CONSTRAINT "flywheel_spans_once" UNIQUE("folder","span")
);
--> statement-breakpoint
CREATE TABLE "golden_examples" (
	"project" text DEFAULT 'default' NOT NULL,
	"set_name" text NOT NULL,
	"sha256" text NOT NULL,
	"label" text NOT NULL,
	"format" text NOT NULL,
	"phash" text NOT NULL,
	"thumbnail" text NOT NULL,
	"request" uuid,
	"image_sha256" text,
	"added_at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	CONSTRAINT "golden_examples_project_set_name_sha256_pk" PRIMARY KEY("project","set_name","sha256")
);
--> statement-breakpoint
CREATE TABLE "monitor_nulls" (
	"reference" text NOT NULL,
	"kind" text NOT NULL,
	"parameters" text NOT NULL,
	"size" integer NOT NULL,
	"statistics" double precision[] NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "monitor_nulls_reference_kind_parameters_size_pk" PRIMARY KEY("reference","kind","parameters","size")
);
--> statement-breakpoint
CREATE TABLE "monitor_results" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"monitor" text NOT NULL,
	"endpoint" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"window_end" timestamp (3) with time zone NOT NULL,
	"finding" jsonb NOT NULL,
	CONSTRAINT "monitor_results_window" UNIQUE("project","monitor","window_start","window_end")
);
--> statement-breakpoint
CREATE TABLE "monitors" (
	"project" text DEFAULT 'default' NOT NULL,
	"name" text NOT NULL,
	"endpoint" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "monitors_project_name_pk" PRIMARY KEY("project","name")
);
--> statement-breakpoint
CREATE TABLE "promotions" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"model_name" text NOT NULL,
	"version" integer NOT NULL,
	"champion_name" text NOT NULL,
	"champion_version" integer NOT NULL,
	"state" text NOT NULL,
	"step" integer NOT NULL,
	"step_since" timestamp (3) with time zone NOT NULL,
	"gate" text,
	"policy" jsonb NOT NULL,
	"decisions" jsonb NOT NULL,
	"revision" integer NOT NULL,
	"who" text NOT NULL,
	"claimed_by" text,
	"claimed_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "proofs" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"code_digest" text,
	"passed" boolean NOT NULL,
	"checks" jsonb NOT NULL,
	"ci" text,
	"git_commit" text,
	"who" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "release_starts" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"release" text NOT NULL,
	"environment" text NOT NULL,
	"stage" text NOT NULL,
	"via" text NOT NULL,
	"who" text NOT NULL,
	"approver" text,
	"branch" text,
	"place" text,
	"run_id" text,
	"state" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"id" text NOT NULL,
	"seq" bigserial NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"pipeline" text NOT NULL,
	"definition_digest" text NOT NULL,
	"code_digest" text NOT NULL,
	"git_commit" text,
	"parameters" jsonb NOT NULL,
	"run_id" text,
	"bundle" text NOT NULL,
	"bundle_digest" text NOT NULL,
	"environment" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	CONSTRAINT "releases_project_id_pk" PRIMARY KEY("project","id")
);
--> statement-breakpoint
CREATE TABLE "review_fills" (
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"window_end" timestamp (3) with time zone NOT NULL,
	"pictures" integer NOT NULL,
	"drawn" integer NOT NULL,
	"picked" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "review_fills_project_endpoint_window_start_pk" PRIMARY KEY("project","endpoint","window_start")
);
--> statement-breakpoint
CREATE TABLE "review_items" (
	"request" uuid PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"reason" text NOT NULL,
	"worth" real NOT NULL,
	"chance" real NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"pixels_sha256" text,
	"done_at" timestamp (3) with time zone,
	"skipped_at" timestamp (3) with time zone,
	"claimed_by" text,
	"claimed_until" timestamp (3) with time zone,
	CONSTRAINT "review_items_picture" UNIQUE("project","endpoint","pixels_sha256")
);
--> statement-breakpoint
CREATE TABLE "triggers" (
	"project" text DEFAULT 'default' NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	"memory" jsonb,
	CONSTRAINT "triggers_project_name_pk" PRIMARY KEY("project","name")
);
--> statement-breakpoint
CREATE TABLE "webhook_nonces" (
	"nonce" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "code_digest" text;--> statement-breakpoint
CREATE INDEX "alerts_open" ON "alerts" USING btree ("project","state","seq");--> statement-breakpoint
CREATE INDEX "alerts_monitor" ON "alerts" USING btree ("project","monitor","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_one_live" ON "alerts" USING btree ("project","monitor") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("state","next_at");--> statement-breakpoint
CREATE INDEX "feedback_request" ON "feedback" USING btree ("request","seq");--> statement-breakpoint
CREATE INDEX "feedback_endpoint" ON "feedback" USING btree ("project","endpoint","request_at");--> statement-breakpoint
CREATE INDEX "firings_trigger" ON "firings" USING btree ("project","trigger","seq");--> statement-breakpoint
CREATE INDEX "flywheel_photos_image" ON "flywheel_photos" USING btree ("project","image_sha256");--> statement-breakpoint
CREATE INDEX "monitor_results_monitor" ON "monitor_results" USING btree ("project","monitor","seq");--> statement-breakpoint
CREATE INDEX "promotions_endpoint" ON "promotions" USING btree ("project","endpoint","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "promotions_active" ON "promotions" USING btree ("project","endpoint") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "proofs_subject" ON "proofs" USING btree ("project","kind","subject","seq");--> statement-breakpoint
CREATE INDEX "release_starts_release" ON "release_starts" USING btree ("project","release","seq");--> statement-breakpoint
CREATE INDEX "releases_pipeline" ON "releases" USING btree ("project","pipeline","seq");--> statement-breakpoint
CREATE INDEX "review_items_open" ON "review_items" USING btree ("project","endpoint","done_at","worth");