import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { bytesText, figure, whole } from '../../parts/numbers.ts';
import { overviewQuery } from '../../parts/overview-query.ts';
import { When } from '../../parts/when.tsx';
import { watchTexts } from './texts.ts';

/** Whether the server is well: worker, journal, disk, and messages. */
export function Health() {
  const { health: texts } = useTexts(watchTexts);
  const may = useMay();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(overviewQuery);
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  const { health, needs } = data;
  const dead = needs.find(({ kind }) => kind === 'dead-letter');
  const disk = health?.disk;
  const isFull = disk ? disk.freeBytes / disk.sizeBytes < 0.1 : false;
  return (
    <div className="stack">
      {!health && <p className="quiet">{texts.hidden}</p>}
      <ul className="health">
        {health && (
          <>
            <Line isWell={health.workers > 0} name={texts.worker}>
              {health.workers > 0 ? texts.workers(health.workers) : texts.noWorker}
            </Line>
            <Line isWell={health.failedParts.length === 0} name={texts.tick}>
              {health.lastTickAt ? <When at={health.lastTickAt} /> : texts.never}
              {health.lastTickSeconds !== null && (
                <span className="quiet"> {texts.took(figure(health.lastTickSeconds))}</span>
              )}
            </Line>
            {health.failedParts.map(({ project, part, code }) => (
              <Line key={`${project} ${part}`} isWell={false} name={texts.failed}>
                {texts.failedPart(part, code)}
              </Line>
            ))}
            <Line isWell name={texts.queue}>
              {whole(health.queuedRuns)}
            </Line>
            {health.backlog && (
              <Line isWell={health.backlog.records < 10_000} name={texts.journal}>
                {health.backlog.records === 0
                  ? texts.journalEmpty
                  : texts.journalSaid(whole(health.backlog.records), bytesText(health.backlog.bytes))}
              </Line>
            )}
            {disk && (
              <Line isWell={!isFull} name={texts.disk}>
                {texts.diskSaid(bytesText(disk.freeBytes), bytesText(disk.sizeBytes))}
                {isFull && <span className="watch-said">{texts.diskFull}</span>}
              </Line>
            )}
          </>
        )}
        {dead && (
          <Line isWell={false} name={texts.channels}>
            {whole(dead.count)}{' '}
            {may('operate') && (
              <Button
                onPress={async () => {
                  for (const { name } of (await client.channels.list({ limit: 500 })).items)
                    await client.channels.retry(name);
                  await queries.invalidateQueries({ queryKey: overviewQuery.queryKey });
                }}
              >
                {texts.retry}
              </Button>
            )}
          </Line>
        )}
      </ul>
    </div>
  );
}

function Line({ isWell, name, children }: { isWell: boolean; name: string; children: ReactNode }) {
  return (
    <li className={isWell ? 'health-line' : 'health-line health-ill'}>
      <span className="health-mark" aria-hidden="true" />
      <span className="quiet">{name}</span>
      <span>{children}</span>
    </li>
  );
}
