ALTER TABLE "fact_requests" ADD COLUMN "positive_probability" real;--> statement-breakpoint
ALTER TABLE "fact_requests" ADD COLUMN "threshold" real;