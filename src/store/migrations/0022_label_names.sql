CREATE TABLE "label_names" (
	"project" text DEFAULT 'default' NOT NULL,
	"label" text NOT NULL,
	"en" text,
	"ja" text,
	CONSTRAINT "label_names_project_label_pk" PRIMARY KEY("project","label")
);
