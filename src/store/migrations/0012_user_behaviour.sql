ALTER TABLE "feedback" ADD COLUMN "currency" text;--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "decision_ms" double precision;--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "session" text;