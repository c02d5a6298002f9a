ALTER TABLE "projects" ADD COLUMN "stage" text;--> statement-breakpoint
ALTER TABLE "proofs" ADD COLUMN "origin" text DEFAULT 'sent' NOT NULL;--> statement-breakpoint
ALTER TABLE "release_starts" ADD COLUMN "stage_is_set" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "release_starts" ADD COLUMN "by_hand" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "release_starts" ADD COLUMN "trained" boolean;--> statement-breakpoint
ALTER TABLE "release_starts" ADD COLUMN "workflow" jsonb;--> statement-breakpoint
ALTER TABLE "releases" ADD COLUMN "made_here" boolean DEFAULT false NOT NULL;