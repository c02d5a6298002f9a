ALTER TABLE "audit_log" ADD COLUMN "door" text;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "address" text;