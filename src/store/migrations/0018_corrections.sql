CREATE TABLE "corrections" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"project" text DEFAULT 'default' NOT NULL,
	"pipeline" text NOT NULL,
	"examples" text NOT NULL,
	"sha256" text NOT NULL,
	"filename" text NOT NULL,
	"kind" text NOT NULL,
	"given" text NOT NULL,
	"label" text,
	"why" text,
	"who" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"reverted_at" timestamp (3) with time zone,
	"reverted_by" text,
	CONSTRAINT "corrections_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE INDEX "corrections_photo" ON "corrections" USING btree ("project","pipeline","sha256","seq");