CREATE TABLE "review_fills" (
	"project" text DEFAULT 'default' NOT NULL,
	"endpoint" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"window_end" timestamp (3) with time zone NOT NULL,
	"pictures" integer NOT NULL,
	"drawn" integer NOT NULL,
	"picked" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "review_fills_project_endpoint_window_start_pk" PRIMARY KEY("project","endpoint","window_start")
);
--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "truth" text;--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "new_class" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "review_items" ADD COLUMN "pixels_sha256" text;--> statement-breakpoint
ALTER TABLE "review_items" ADD COLUMN "claimed_by" text;--> statement-breakpoint
ALTER TABLE "review_items" ADD COLUMN "claimed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "review_items" ADD CONSTRAINT "review_items_picture" UNIQUE("project","endpoint","pixels_sha256");