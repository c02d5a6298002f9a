CREATE TABLE "secrets" (
	"project" text DEFAULT 'default' NOT NULL,
	"name" text NOT NULL,
	"sealed" text NOT NULL,
	"set_at" timestamp (3) with time zone NOT NULL,
	"who" text NOT NULL,
	CONSTRAINT "secrets_project_name_pk" PRIMARY KEY("project","name")
);
