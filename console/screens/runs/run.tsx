import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { TabRow } from '../../parts/tab-row.tsx';
import { When } from '../../parts/when.tsx';
import { bytesText, figureText, secondsOf, timeText } from './amounts.ts';
import { graphQuery, type RunGraph, runQuery } from './data.ts';
import { StateMark } from './state-mark.tsx';
import { StepDetails } from './step-details.tsx';
import { runTexts } from './texts.ts';
import { Timeline } from './timeline.tsx';
import './run.css';

const route = getRouteApi('/runs/$id');
// its library is larger than the screen
const Graph = lazy(() => import('./run-graph.tsx').then(({ RunGraphView }) => ({ default: RunGraphView })));

export function Screen() {
  const texts = useTexts(runTexts);
  const { id } = route.useParams();
  const { step, view = 'timeline', level = 'debug' } = route.useSearch();
  const navigate = useNavigate();
  const run = useQuery(runQuery(id));
  const { data: graph, error, refetch } = useQuery(graphQuery(id));
  useSecondsPass(graph?.run.state === 'running');
  const show = (search: { step?: string | undefined; view?: 'timeline' | 'graph'; level?: typeof level }) =>
    void navigate({ to: '/runs/$id', params: { id }, search: { step, view, level, ...search }, replace: true });
  if (error) return <Fault error={error} retry={refetch} />;
  if (run.error) return <Fault error={run.error} retry={run.refetch} />;
  if (!graph || !run.data) return <Waiting />;
  const chosen = graph.steps.find((each) => each.step === step);
  const details = chosen && (
    <StepDetails
      run={graph.run.id}
      step={chosen}
      outputs={run.data.executions.find(({ id }) => id === chosen.execution)?.outputs ?? []}
      level={level}
      setLevel={(next) => show({ level: next })}
    />
  );
  const choose = (name: string) => show({ step: name === step ? undefined : name });
  return (
    <div className="run">
      <Link to="/runs" className="run-back small">
        {texts.back}
      </Link>
      <header className="run-head">
        <div>
          <h1>
            {graph.run.pipeline} <code className="run-id">{graph.run.id.slice(-6)}</code>
          </h1>
          <p className="run-facts">
            <StateMark state={graph.run.state} />
            {graph.run.state === 'running' && graph.run.cancelRequested && <span>{texts.stopping}</span>}
            <span className="quiet">
              <When at={graph.run.startedAt} /> {run.data.run.who}
            </span>
            <Link to="/lineage" search={{ run: graph.run.id }} className="quiet">
              {texts.lineage}
            </Link>
          </p>
          {run.data.run.note && <p>{run.data.run.note}</p>}
        </div>
        <Acts graph={graph} />
      </header>
      {run.data.run.error && <StoredFault error={run.data.run.error} />}
      <Costs graph={graph} />
      <TabRow
        label={texts.view}
        value={view}
        tabs={[
          { value: 'timeline', text: texts.timeline },
          { value: 'graph', text: texts.graph },
        ]}
        onChange={(next) => show({ view: next })}
      />
      {view === 'timeline' ? (
        <Timeline graph={graph} chosen={step} choose={choose}>
          {details}
        </Timeline>
      ) : (
        <>
          <Suspense fallback={<Waiting />}>
            <Graph graph={graph} chosen={step} choose={choose} />
          </Suspense>
          {details}
        </>
      )}
      <Parameters values={{ ...run.data.run.parameters, [texts.parts.seed]: run.data.run.seed }} />
    </div>
  );
}

/** Bars and times of a run in progress grow between answers. */
function useSecondsPass(isRunning: boolean) {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
}

function Acts({ graph: { run } }: { graph: RunGraph }) {
  const texts = useTexts(runTexts);
  const may = useMay();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  if (!may('operate')) return null;
  const isRunning = run.state === 'running';
  const verb = isRunning ? texts.cancel : run.state === 'succeeded' ? texts.again : texts.retry;
  const act = async () => {
    if (isRunning) await client.runs.cancel(run.id);
    else await client.runs.retry(run.id);
    await queries.invalidateQueries({ queryKey: ['runs'] });
    if (!isRunning) await navigate({ to: '/runs' });
  };
  return (
    <>
      <Button kind={isRunning ? 'plain' : 'main'} onPress={() => setOpen(true)}>
        {verb}
      </Button>
      <ActSheet isOpen={isOpen} close={() => setOpen(false)} title={verb} verb={verb} act={act} hasWhy={false}>
        <p>{isRunning ? texts.cancelLead : texts.againLead}</p>
      </ActSheet>
    </>
  );
}

export function StoredFault({ error }: { error: { code: string; message: string; remedy: string } }) {
  return (
    <div className="fault">
      <p className="fault-message">{error.message}</p>
      {error.remedy && <p>{error.remedy}</p>}
      <p className="fault-facts">
        <code>{error.code}</code>
      </p>
    </div>
  );
}

/** What the run cost, and what the cache saved. */
function Costs({ graph: { run, steps } }: { graph: RunGraph }) {
  const texts = useTexts(runTexts);
  const used = steps.flatMap(({ usage }) => usage ?? []);
  const wall = secondsOf(run);
  const cpu = used.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const memory = Math.max(0, ...used.map(({ peakMemoryBytes }) => peakMemoryBytes));
  const saved = steps.reduce((sum, { savedSeconds }) => sum + (savedSeconds ?? 0), 0);
  const speeds = steps.flatMap(({ usage, ...step }) => {
    const seconds = secondsOf(step);
    return usage?.photos && seconds ? [usage.photos / seconds] : [];
  });
  return (
    <dl className="run-costs">
      <Cost name={texts.wall}>{wall === null ? texts.unknown : timeText(wall)}</Cost>
      <Cost name={texts.cpu}>{used.length === 0 ? texts.unknown : timeText(cpu)}</Cost>
      <Cost name={texts.memory}>{memory === 0 ? texts.unknown : bytesText(memory)}</Cost>
      <Cost name={texts.speed}>
        {speeds.length === 0 ? texts.unknown : texts.photosPerSecond(figureText(Math.max(...speeds)))}
      </Cost>
      <Cost name={texts.saved}>{saved === 0 ? texts.unknown : timeText(saved)}</Cost>
    </dl>
  );
}

function Cost({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Parameters({ values }: { values: Record<string, unknown> }) {
  const texts = useTexts(runTexts);
  return (
    <details className="run-parameters">
      <summary>{texts.parameters}</summary>
      <dl>
        {Object.entries(values).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
