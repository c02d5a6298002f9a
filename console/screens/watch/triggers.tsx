import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import { type DryRunAnswer, dryRunQuery, type TriggerAnswer, triggersQuery } from './data.ts';
import { watchTexts } from './texts.ts';
import { TriggerEditor } from './trigger-editor.tsx';

export function Triggers() {
  const { triggers: texts } = useTexts(watchTexts);
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(triggersQuery);
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  return (
    <>
      {data.length === 0 && (
        <div className="stack">
          <p>{texts.none}</p>
          <p className="quiet">{texts.noneSaid}</p>
        </div>
      )}
      {may('operate') && (
        <div>
          <Button kind="main" onPress={() => setAdding(true)}>
            {texts.add}
          </Button>
        </div>
      )}
      <ul className="watch-list">
        {data.map((each) => (
          <li key={each.trigger.name} className="trigger">
            <One of={each} />
          </li>
        ))}
      </ul>
      {isAdding && <TriggerEditor close={() => setAdding(false)} />}
    </>
  );
}

function One({ of: { trigger, next, firings } }: { of: TriggerAnswer }) {
  const { triggers: texts } = useTexts(watchTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'run' | 'remove' | null>(null);
  const dryRun = useQuery(dryRunQuery(trigger.name));
  const { name, pipeline, when, isEnabled, problem } = trigger;
  const last = firings.find(({ state }) => state === 'fired');
  const refresh = () => queries.invalidateQueries({ queryKey: ['triggers'] });
  return (
    <>
      <div className="trigger-head">
        <div>
          <strong>{name}</strong> <span className="quiet">{`${texts.kinds[when.kind]} → ${pipeline}`}</span>
          <p className="quiet small">
            {!isEnabled && `${texts.off}. `}
            {next && (
              <>
                {texts.next} <When at={next} />
                {', '}
              </>
            )}
            {last ? (
              <>
                {texts.last} <When at={last.at} />
              </>
            ) : (
              texts.neverFired
            )}
          </p>
          {problem && <p>{problem.message}</p>}
        </div>
        {may('operate') && (
          <div className="row">
            <Button onPress={() => setOpen('run')}>{texts.run}</Button>
            <Button
              kind="quiet"
              onPress={async () => {
                await client.triggers[isEnabled ? 'disable' : 'enable'](name);
                await refresh();
              }}
            >
              {isEnabled ? texts.switchOff : texts.switchOn}
            </Button>
            <Button kind="quiet" onPress={() => setOpen('remove')}>
              {texts.remove}
            </Button>
          </div>
        )}
      </div>
      {dryRun.data && <Timeline run={dryRun.data} />}
      {dryRun.error && <Fault error={dryRun.error} retry={dryRun.refetch} />}
      <ActSheet
        isOpen={open === 'run'}
        close={() => setOpen(null)}
        title={texts.run}
        verb={texts.run}
        hasWhy={false}
        act={async () => {
          await client.triggers.run(name);
          await refresh();
        }}
      >
        <p>{texts.runSaid(pipeline)}</p>
      </ActSheet>
      <ActSheet
        isOpen={open === 'remove'}
        close={() => setOpen(null)}
        title={texts.remove}
        verb={texts.remove}
        hasWhy={false}
        act={async () => {
          await client.triggers.remove(name);
          await refresh();
        }}
      >
        <p>{texts.removeSaid(name)}</p>
      </ActSheet>
    </>
  );
}

/** A mark for each run that it would have started: a filled triangle; an outline for what a limit held. */
function Timeline({ run: { from, to, fired, kept } }: { run: DryRunAnswer }) {
  const { triggers: texts } = useTexts(watchTexts);
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const left = (at: string) => `${(100 * (Date.parse(at) - start)) / Math.max(1, end - start)}%`;
  const said = [texts.fired(fired.length), ...(kept.length > 0 ? [texts.kept(kept.length)] : [])].join(', ');
  return (
    <figure className="dry-run">
      <figcaption className="quiet small">
        {`${texts.dryRun}: ${fired.length + kept.length === 0 ? texts.noEvent : said}`}
      </figcaption>
      <div className="dry-run-axis" role="img" aria-label={`${texts.dryRun}: ${said}`}>
        {kept.map(({ at, why }) => (
          <span
            key={`k ${at} ${why}`}
            className="dry-run-mark dry-run-kept"
            style={{ left: left(at) }}
            title={`${texts.wouldKeep}: ${why}`}
          />
        ))}
        {fired.map(({ at, why }) => (
          <span
            key={`f ${at} ${why}`}
            className="dry-run-mark"
            style={{ left: left(at) }}
            title={`${texts.wouldFire}: ${why}`}
          />
        ))}
      </div>
    </figure>
  );
}
