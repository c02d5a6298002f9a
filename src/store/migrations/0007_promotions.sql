CREATE TABLE "flywheel_photos" (
	"project" text DEFAULT 'default' NOT NULL,
	"folder" text NOT NULL,
	"span" integer NOT NULL,
	"file" text NOT NULL,
	"label" text NOT NULL,
	"request" uuid NOT NULL,
	"image_sha256" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "flywheel_photos_folder_span_file_pk" PRIMARY KEY("folder","span","file")
);
--> statement-breakpoint
CREATE TABLE "flywheel_spans" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"folder" text NOT NULL,
	"span" integer NOT NULL,
	"endpoint" text NOT NULL,
	"digest" text NOT NULL,
	"photos" integer NOT NULL,
	"labels" jsonb NOT NULL,
	"left_out" jsonb NOT NULL,
	"policy" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	CONSTRAINT "flywheel_spans_once" UNIQUE("folder","span")
);
--> statement-breakpoint
ALTER TABLE "firings" ADD COLUMN "state" text NOT NULL;--> statement-breakpoint
ALTER TABLE "firings" ADD COLUMN "who" text NOT NULL;--> statement-breakpoint
ALTER TABLE "firings" ADD COLUMN "enqueued_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "firings" ADD COLUMN "error" jsonb;--> statement-breakpoint
ALTER TABLE "firings" ADD COLUMN "feedback_seq" bigint;--> statement-breakpoint
ALTER TABLE "golden_examples" ADD COLUMN "format" text NOT NULL;--> statement-breakpoint
ALTER TABLE "golden_examples" ADD COLUMN "phash" text NOT NULL;--> statement-breakpoint
ALTER TABLE "golden_examples" ADD COLUMN "thumbnail" text NOT NULL;--> statement-breakpoint
ALTER TABLE "golden_examples" ADD COLUMN "request" uuid;--> statement-breakpoint
ALTER TABLE "golden_examples" ADD COLUMN "image_sha256" text;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "champion_name" text NOT NULL;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "champion_version" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "gate" text;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "revision" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "who" text NOT NULL;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "claimed_by" text;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "claimed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "triggers" ADD COLUMN "since" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "triggers" ADD COLUMN "memory" jsonb;--> statement-breakpoint
CREATE INDEX "flywheel_photos_image" ON "flywheel_photos" USING btree ("project","image_sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "promotions_active" ON "promotions" USING btree ("project","endpoint") WHERE ended_at is null;--> statement-breakpoint
ALTER TABLE "firings" DROP COLUMN "fired";