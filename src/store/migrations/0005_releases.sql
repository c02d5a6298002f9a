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
ALTER TABLE "releases" DROP CONSTRAINT "releases_pkey";--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "releases_project_id_pk" PRIMARY KEY("project","id");--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "code_digest" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "kind" text NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "result_seq" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "window_start" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "window_end" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "news" text NOT NULL;--> statement-breakpoint
ALTER TABLE "monitor_results" ADD COLUMN "kind" text NOT NULL;--> statement-breakpoint
ALTER TABLE "monitors" ADD COLUMN "removed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "releases" ADD COLUMN "bundle" text NOT NULL;--> statement-breakpoint
CREATE INDEX "proofs_subject" ON "proofs" USING btree ("project","kind","subject","seq");--> statement-breakpoint
CREATE INDEX "release_starts_release" ON "release_starts" USING btree ("project","release","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_one_live" ON "alerts" USING btree ("project","monitor") WHERE state <> 'resolved';--> statement-breakpoint
ALTER TABLE "releases" DROP COLUMN "bundle_uri";