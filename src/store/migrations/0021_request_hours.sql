CREATE TABLE "label_hours" (
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"model_name" text NOT NULL,
	"model_version" integer NOT NULL,
	"role" text NOT NULL,
	"label" text NOT NULL,
	"photos" integer NOT NULL,
	CONSTRAINT "label_hours_key" PRIMARY KEY("project","endpoint","hour","model_name","model_version","role","label")
);
--> statement-breakpoint
CREATE TABLE "request_hours" (
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"model_name" text NOT NULL,
	"model_version" integer NOT NULL,
	"role" text NOT NULL,
	"latency_step" integer NOT NULL,
	"photos" integer NOT NULL,
	"answered" integer NOT NULL,
	"failed" integer NOT NULL,
	"refused" integer NOT NULL,
	"uncertain" integer NOT NULL,
	"out_of_distribution" integer NOT NULL,
	CONSTRAINT "request_hours_key" PRIMARY KEY("project","endpoint","hour","model_name","model_version","role","latency_step")
);
--> statement-breakpoint
CREATE INDEX "fact_requests_newest" ON "fact_requests" USING btree ("project","request_id");--> statement-breakpoint
CREATE INDEX "fact_requests_endpoint_newest" ON "fact_requests" USING btree ("project","endpoint","request_id");--> statement-breakpoint
CREATE INDEX "fact_requests_notable" ON "fact_requests" USING btree ("project","endpoint","request_id") WHERE uncertain or out_of_distribution or status <> 200 or quality <> '{}';--> statement-breakpoint
CREATE INDEX "runs_succeeded" ON "runs" USING btree ("project","pipeline","seq") WHERE state = 'succeeded';--> statement-breakpoint
CREATE INDEX "feedback_user_events" ON "feedback" USING btree ("project","endpoint","request_at") WHERE kind in ('event', 'outcome');--> statement-breakpoint
CREATE INDEX "firings_counts" ON "firings" USING btree ("project","trigger","state","at");--> statement-breakpoint
INSERT INTO "request_hours" SELECT "project", "endpoint", date_trunc('hour', "logging_time", 'UTC'), "model_name", coalesce("model_version", 0), "role",
  floor(8 * ln(greatest("latency_ms", 0.1)) / ln(2))::int, count(*), count(*) FILTER (WHERE "status" = 200), count(*) FILTER (WHERE "status" >= 500),
  count(*) FILTER (WHERE "status" >= 400 AND "status" < 500), count(*) FILTER (WHERE "uncertain"), count(*) FILTER (WHERE "out_of_distribution")
FROM "fact_requests" GROUP BY 1, 2, 3, 4, 5, 6, 7;--> statement-breakpoint
INSERT INTO "label_hours" SELECT "project", "endpoint", date_trunc('hour', "logging_time", 'UTC'), "model_name", coalesce("model_version", 0), "role",
  "label", count(*)
FROM "fact_requests" WHERE "label" IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7;
