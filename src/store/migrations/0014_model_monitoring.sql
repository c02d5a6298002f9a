CREATE OR REPLACE VIEW "dim_endpoints" AS SELECT e."project", e."name" AS "endpoint", coalesce(e."display_name", e."name") AS "display_name", e."created_at", e."updated_at", NULL::text AS "machine_type", 1::bigint AS "min_replica_count", 1::bigint AS "max_replica_count", NULL::text AS "accelerator", m."watched" AS "model_monitoring", m."types" AS "mointoring_type", m."threshold" AS "alert_threshold"
FROM "endpoints" e CROSS JOIN LATERAL (
  SELECT count(*) > 0 AS "watched",
    string_agg(DISTINCT CASE w."definition"->'reference'->>'from' WHEN 'model' THEN 'training-serving-skew' ELSE 'prediction-drift' END, ', ')
      FILTER (WHERE w."definition"->>'kind' IN ('positive-rate', 'prediction-drift', 'label-drift', 'embedding-drift', 'embedding-mmd', 'image-properties', 'out-of-distribution', 'abstain', 'quality-hints', 'heat-map-drift')) AS "types",
    min(coalesce((w."definition"->'parameters'->>'tolerance')::double precision, 0.3)) FILTER (WHERE w."definition"->>'kind' = 'positive-rate') AS "threshold"
  FROM "monitors" w
  WHERE w."project" = e."project" AND w."endpoint" = e."name" AND w."removed_at" IS NULL AND (w."definition"->>'isEnabled')::boolean AND e."deleted_at" IS NULL
) m;
