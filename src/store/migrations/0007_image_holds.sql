CREATE TABLE "image_holds" (
	"project" text DEFAULT 'default' NOT NULL,
	"image_sha256" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"given" boolean NOT NULL,
	CONSTRAINT "image_holds_project_image_sha256_pk" PRIMARY KEY("project","image_sha256")
);
