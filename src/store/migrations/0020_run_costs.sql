CREATE TABLE "pipeline_definitions" (
	"project" text DEFAULT 'default' NOT NULL,
	"digest" text NOT NULL,
	"definition" json NOT NULL,
	CONSTRAINT "pipeline_definitions_project_digest_pk" PRIMARY KEY("project","digest")
);
--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "explanation" jsonb;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "progress" jsonb;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "usage" jsonb;