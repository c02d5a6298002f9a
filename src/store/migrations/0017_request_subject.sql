ALTER TABLE "fact_requests" ADD COLUMN "subject" text;--> statement-breakpoint
CREATE INDEX "fact_requests_subject" ON "fact_requests" USING btree ("project","subject") WHERE subject is not null;