import { type SQL, sql } from 'drizzle-orm';
import type { Topic } from '../../contracts/api/events.ts';
import type { RepositoryContext } from '../database/context.ts';

/** Rows that may still change. */
const newest = 30;
const auditRows = 100;

/** Nouns of audited actions: settings, which have no order of their own. */
const nouns: Partial<Record<Topic, readonly string[]>> = {
  runs: ['run'],
  data: ['data', 'golden', 'flywheel', 'label'],
  models: ['model'],
  endpoints: ['endpoint'],
  feedback: ['feedback', 'log'],
  requests: ['log'],
  review: ['review'],
  monitors: ['monitor'],
  alerts: ['alert', 'channel'],
  triggers: ['trigger'],
  promotions: ['promotion'],
  releases: ['release'],
  access: ['key', 'user', 'session', 'project', 'secret', 'preferences'],
};

/** Per topic, a text that differs once something of it has changed, by whatever process. One statement, a few milliseconds. */
export async function watermarks({ database, project }: RepositoryContext): Promise<Record<Topic, string>> {
  const digest = (table: string) => sql`(select md5(string_agg((to_jsonb(t) - 'heartbeat_at')::text, ','))
    from (select * from ${sql.identifier(table)} where project = ${project} order by seq desc limit ${newest}) t)`;
  const last = (table: string) => sql`(select max(seq)::text from ${sql.identifier(table)} where project = ${project})`;
  const running = sql`(select md5(string_agg(e.id || e.state, ',' order by e.id)) from executions e
    join runs r on r.id = e.run_id where r.project = ${project} and r.state = 'running')`;
  const queue = sql`(select concat(count(*), max(queued_at), max(done_at), max(skipped_at)) from review_items where project = ${project})`;
  const traffic = sql`(select string_agg((select max(logging_time)::text from fact_requests f
    where f.project = e.project and f.endpoint = e.name), ',' order by e.name) from endpoints e where e.project = ${project})`;
  const parts: Record<Topic, SQL[]> = {
    runs: [digest('runs'), running],
    data: [last('artifacts'), last('flywheel_spans')],
    models: [last('alias_changes'), sql`(select count(*)::text from model_versions where project = ${project})`],
    endpoints: [last('endpoint_events')],
    requests: [traffic],
    feedback: [last('feedback')],
    review: [queue],
    monitors: [last('monitor_results')],
    alerts: [digest('alerts')],
    triggers: [digest('firings')],
    promotions: [digest('promotions')],
    releases: [digest('releases'), digest('release_starts')],
    access: [],
  };
  const columns = Object.entries(parts).map(([topic, of]) => {
    const audited = sql`(select max(seq)::text from recent where noun in (${sql.join(
      (nouns[topic as Topic] ?? []).map((noun) => sql`${noun}`),
      sql`, `,
    )}))`;
    return sql`concat_ws('/', ${sql.join([...of, audited], sql`, `)}) as ${sql.identifier(topic)}`;
  });
  const { rows } = await database.execute(sql`
    with recent as (select seq, split_part(action, '.', 1) as noun from audit_log
      where project = ${project} order by seq desc limit ${auditRows})
    select ${sql.join(columns, sql`, `)}`);
  return rows[0] as Record<Topic, string>;
}
