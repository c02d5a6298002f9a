ALTER TABLE "runs" ADD COLUMN "experiment" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "note" text;