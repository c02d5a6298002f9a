import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLanguage } from '../../app/choices.ts';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { percentText } from '../../parts/numbers.ts';

import { type EndpointEvent, endpointsQuery, timelineQuery } from './data.ts';
import { modelTexts } from './texts.ts';
import './production-tab.css';

/** Which version answered what share of an endpoint, on any date. */
export function ProductionTab({ model, version }: { model: string; version: number }) {
  const { data, error, refetch } = useQuery(endpointsQuery);
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  return (
    <div className="stack">
      {data.map(({ name }) => (
        <Ruler key={name} endpoint={name} model={model} version={version} />
      ))}
      <NeverServed endpoints={data.map(({ name }) => name)} />
    </div>
  );
}

function NeverServed({ endpoints }: { endpoints: readonly string[] }) {
  const texts = useTexts(modelTexts);
  if (endpoints.length > 0) return null;
  return (
    <>
      <p>{texts.neverServed}</p>
      <p className="quiet">{texts.noEndpoint}</p>
    </>
  );
}

interface Plan {
  modelName: string;
  version: number;
  role: 'stable' | 'canary' | 'shadow';
  traffic: number;
}
interface Change {
  atMs: number;
  plan: readonly Plan[];
  who: string;
  why: string;
}

/** Changes of what answers, oldest first. */
function changesOf(events: readonly EndpointEvent[]): Change[] {
  return events
    .filter(({ action, after }) => Array.isArray(after) && action !== 'refused' && action !== 'ready')
    .map(({ at, after, who, why }) => ({ atMs: Date.parse(at), plan: after as Plan[], who, why }))
    .sort((a, b) => a.atMs - b.atMs);
}

const minuteMs = 60_000;

function Ruler({ endpoint, model, version }: { endpoint: string; model: string; version: number }) {
  const texts = useTexts(modelTexts);
  const language = useLanguage();
  const { data, error, refetch } = useQuery(timelineQuery(endpoint));
  const [chosenMs, setChosenMs] = useState<number | null>(null);
  const [openedMs] = useState(() => Date.now());
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  const changes = changesOf(data);
  const [first] = changes;
  if (!first || !changes.some(({ plan }) => plan.some(({ modelName }) => modelName === model))) return null;
  // what changed after the page was opened is on it, too
  const [from, to] = [first.atMs, Math.max(openedMs, changes.at(-1)!.atMs, first.atMs + minuteMs)];
  const atMs = Math.min(to, chosenMs ?? to);
  const at = changes.findLast((change) => change.atMs <= atMs) ?? first;
  const dateText = (ms: number) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
  const said = at.plan.map(({ modelName, version: each, role, traffic }) => {
    const name = `${modelName}@${each}`;
    const share = percentText(traffic / 100);
    return role === 'shadow' ? texts.shadow(name, share) : texts.share(name, share, texts.roles[role]);
  });
  const x = (ms: number) => ((ms - from) / (to - from)) * 100;
  return (
    <section className="ruler">
      <h2>{texts.ruler(endpoint)}</h2>
      <div className="ruler-band">
        <Band changes={changes} x={x} model={model} version={version} />
        <span className="ruler-cursor" style={{ left: `${x(atMs)}%` }} />
        <input
          type="range"
          className="ruler-range"
          aria-label={texts.rulerLabel(endpoint)}
          aria-valuetext={`${dateText(atMs)}: ${said.join(', ')}`}
          min={from}
          max={to}
          step={Math.max(minuteMs, Math.round((to - from) / 1000))}
          value={atMs}
          onChange={({ target }) => setChosenMs(target.valueAsNumber)}
        />
      </div>
      <p className="ruler-ends small quiet">
        <span>{dateText(from)}</span>
        <span>{texts.now}</span>
      </p>
      <div className="ruler-said">
        <p>
          <strong>{texts.on(dateText(atMs))}</strong>
        </p>
        {said.length === 0 ? <p>{texts.nothingThen}</p> : said.map((line) => <p key={line}>{line}</p>)}
        <p className="quiet">
          {texts.since(dateText(at.atMs), at.who)}
          {at.why !== '' && <q className="ruler-why">{at.why}</q>}
        </p>
      </div>
    </section>
  );
}

interface BandProps {
  changes: readonly Change[];
  x: (ms: number) => number;
  model: string;
  version: number;
}

/** Shares over time, the chosen version in colour, each named where there is room. */
function Band({ changes, x, model, version }: BandProps) {
  const parts = changes.flatMap(({ atMs, plan }, i) => {
    const [left, right] = [x(atMs), i + 1 < changes.length ? x(changes[i + 1]!.atMs) : 100];
    let top = 0;
    return plan
      .filter(({ role, traffic }) => role !== 'shadow' && traffic > 0)
      .map((each) => {
        const part = { ...each, left, width: right - left, top, id: `${i} ${each.modelName}@${each.version}` };
        top += each.traffic;
        return part;
      });
  });
  const kind = (each: Plan) =>
    each.modelName === model && each.version === version ? 'is-chosen' : each.version % 2 === 0 ? 'is-even' : 'is-odd';
  return (
    <>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" className="ruler-shares">
        {parts.map((part) => (
          <rect
            key={part.id}
            className={kind(part)}
            x={part.left}
            y={part.top}
            width={part.width}
            height={part.traffic}
          />
        ))}
      </svg>
      {parts
        .filter(({ width, traffic }) => width > 6 && traffic >= 30)
        .map((part) => (
          <span
            key={part.id}
            className={`ruler-name ${kind(part)}`}
            style={{ left: `${part.left}%`, top: `${part.top + part.traffic / 2}%` }}
          >
            {`@${part.version}`}
          </span>
        ))}
    </>
  );
}
