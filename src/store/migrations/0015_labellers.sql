ALTER TABLE "feedback" ADD COLUMN "attributes" jsonb;--> statement-breakpoint
ALTER TABLE "review_items" ADD COLUMN "opinions" integer;