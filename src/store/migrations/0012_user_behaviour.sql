ALTER TABLE "feedback" ADD COLUMN "currency" text;--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "decision_ms" double precision;--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "session" text;--> statement-breakpoint
CREATE INDEX "feedback_behaviour" ON "feedback" USING btree ("project","endpoint","request_at") WHERE kind in ('event', 'business', 'outcome');