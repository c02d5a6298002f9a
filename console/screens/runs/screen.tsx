import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { Empty } from '../../parts/empty.tsx';
import { firstCommands } from '../../parts/first-commands.ts';
import { When } from '../../parts/when.tsx';
import { secondsOf, timeText } from './amounts.ts';
import { pipelinesQuery, queueQuery, type Run, runsQuery, type State, states } from './data.ts';
import { StartSheet } from './start-sheet.tsx';
import { StateMark } from './state-mark.tsx';
import { runTexts } from './texts.ts';
import './runs.css';

const route = getRouteApi('/runs');
const anything = 'any';

export function Screen() {
  const texts = useTexts(runTexts);
  const may = useMay();
  const navigate = useNavigate();
  const { pipeline, state, start } = route.useSearch();
  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery(runsQuery({ pipeline, state }));
  const pipelines = useQuery(pipelinesQuery);
  const [chosen, setChosen] = useState<string[]>([]);
  const setStart = (open: boolean) =>
    navigate({ to: '/runs', search: { pipeline, state, ...(open && { start: pipeline ?? '' }) }, replace: !open });
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  const runs = data.pages.flatMap(({ items }) => items);
  const choose = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before.slice(-1), id]));
  const names = pipelines.data?.filter(({ runs }) => runs > 0).map(({ pipeline: name }) => name) ?? [];
  const isFiltered = pipeline !== undefined || state !== undefined;
  return (
    <div className="runs">
      <header className="runs-head">
        <div>
          <h1>{texts.title}</h1>
          <p className="quiet">{texts.lead}</p>
        </div>
        {may('operate') && (
          <Button kind="main" onPress={() => void setStart(true)}>
            {texts.start}
          </Button>
        )}
      </header>
      <Queue />
      {runs.length === 0 && !isFiltered ? (
        <Empty title={texts.empty} command={firstCommands}>
          <p>{texts.emptyLead}</p>
        </Empty>
      ) : (
        <>
          <div className="runs-tools">
            <div className="row">
              <Choice
                label={texts.pipeline}
                value={pipeline ?? anything}
                options={[
                  { value: anything, text: texts.allPipelines },
                  ...names.map((name) => ({ value: name, text: name })),
                ]}
                onChange={(value) =>
                  navigate({ to: '/runs', search: { state, ...(value !== anything && { pipeline: value }) } })
                }
              />
              <Choice<State | typeof anything>
                label={texts.state}
                value={state ?? anything}
                options={[
                  { value: anything, text: texts.allStates },
                  ...states.map((value) => ({ value, text: texts.states[value] })),
                ]}
                onChange={(value) =>
                  navigate({ to: '/runs', search: { pipeline, ...(value !== anything && { state: value }) } })
                }
              />
            </div>
            <Button
              disabledBecause={chosen.length === 2 ? null : texts.chooseTwo}
              onPress={() => void navigate({ to: '/runs/compare', search: { runs: chosen.join(',') } })}
            >
              {texts.compare}
            </Button>
          </div>
          <ul className="runs-list">
            {runs.map((run) => (
              <RunRow key={run.id} run={run} runs={runs} isChosen={chosen.includes(run.id)} choose={choose} />
            ))}
          </ul>
          {hasNextPage && <Button onPress={() => fetchNextPage()}>{texts.more}</Button>}
        </>
      )}
      {start !== undefined && <StartSheet pipeline={start} close={() => void setStart(false)} />}
    </div>
  );
}

function RunRow(props: { run: Run; runs: readonly Run[]; isChosen: boolean; choose: (id: string) => void }) {
  const { run, runs, isChosen, choose } = props;
  const texts = useTexts(runTexts);
  const seconds = secondsOf(run);
  const name = `${run.pipeline} ${run.id.slice(-6)}`;
  return (
    <li className="runs-row">
      <label className="runs-check">
        <input type="checkbox" checked={isChosen} onChange={() => choose(run.id)} aria-label={texts.select(name)} />
      </label>
      <Link to="/runs/$id" params={{ id: run.id }} className="runs-name">
        <strong>{run.pipeline}</strong> <code className="quiet">{run.id.slice(-6)}</code>
        {run.note && <span className="runs-note quiet">{run.note}</span>}
      </Link>
      <span className="runs-state">
        <StateMark state={run.state} />
      </span>
      <span className="runs-when quiet">
        <When at={run.startedAt} />
      </span>
      <DurationBar run={run} runs={runs} />
      <span className="runs-time">{seconds === null ? texts.unknown : timeText(seconds)}</span>
    </li>
  );
}

/** Its time against the longest of the last ten of its pipeline; the tick is their median. */
function DurationBar({ run, runs }: { run: Run; runs: readonly Run[] }) {
  const from = runs.indexOf(run);
  const others = runs
    .slice(from)
    .filter(({ pipeline, state }) => pipeline === run.pipeline && state === 'succeeded')
    .slice(0, 10)
    .map((each) => secondsOf(each) ?? 0);
  const seconds = secondsOf(run) ?? 0;
  const most = Math.max(seconds, ...others, 1e-9);
  const median = others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)];
  return (
    <svg className="runs-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className={`runs-bar-${run.state}`} x="0" y="1" width={Math.max(0.8, (seconds / most) * 100)} height="6" />
      {median !== undefined && others.length > 1 && (
        <path className="runs-bar-median" d={`M${(median / most) * 100} 0 V8`} />
      )}
    </svg>
  );
}

function Queue() {
  const texts = useTexts(runTexts);
  const may = useMay();
  const queries = useQueryClient();
  const { data } = useQuery({ ...queueQuery, refetchInterval: 5_000 });
  if (!data || data.length === 0) return null;
  return (
    <section className="runs-queue">
      <p>
        <strong>{texts.queued(data.length)}</strong> <span className="quiet">{texts.queuedHint}</span>
      </p>
      <ul>
        {data.map(({ id, source, queuedAt, who }) => (
          <li key={id} className="runs-queued">
            <StateMark state="queued" />
            <span>{source.split('/').slice(-2).join('/')}</span>
            <span className="quiet">
              <When at={queuedAt} /> {who}
            </span>
            {may('operate') && (
              <Button
                kind="quiet"
                onPress={async () => {
                  await client.runs.queue.remove(id);
                  await queries.invalidateQueries({ queryKey: ['runs'] });
                }}
              >
                {texts.remove}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
