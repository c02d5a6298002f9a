import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Intervals } from '../../parts/chart/intervals.tsx';
import { metricTexts } from '../../parts/chart/metric-texts.ts';
import { When } from '../../parts/when.tsx';
import { countText, timeText } from './amounts.ts';
import { comparisonQuery, type RunComparison } from './data.ts';
import { StateMark } from './state-mark.tsx';
import { runTexts } from './texts.ts';
import './compare.css';

const route = getRouteApi('/runs/compare');

export function Screen() {
  const texts = useTexts(runTexts);
  const references = (route.useSearch().runs ?? '').split(',').filter(Boolean).slice(0, 2);
  const { data, error, refetch } = useQuery({ ...comparisonQuery(references), enabled: references.length === 2 });
  return (
    <div className="compared stack">
      <Link to="/runs" className="run-back small">
        {texts.back}
      </Link>
      <h1>{texts.compareTitle}</h1>
      {error ? (
        <Fault error={error} retry={refetch} />
      ) : references.length < 2 ? (
        <p>{texts.chooseTwo}</p>
      ) : data ? (
        <Compared compared={data} />
      ) : (
        <Waiting />
      )}
    </div>
  );
}

function Compared({ compared: { runs, parameters, differences } }: { compared: RunComparison }) {
  const texts = useTexts(runTexts);
  const metrics = useTexts(metricTexts);
  const [first, second] = runs;
  if (!first || !second) return null;
  const [difference] = differences;
  const steps = [...new Set(runs.flatMap((run) => run.steps.map(({ step }) => step)))];
  const timeOf = (run: typeof first, step: string) => {
    const found = run.steps.find((each) => each.step === step);
    if (!found) return texts.unknown;
    return found.state === 'succeeded' && found.seconds !== null ? timeText(found.seconds) : texts.states[found.state];
  };
  const names = Object.keys(first.evaluation?.metrics ?? {}) as (keyof NonNullable<
    typeof first.evaluation
  >['metrics'])[];
  return (
    <>
      <table className="compared-table">
        <thead>
          <tr>
            <td />
            {[first, second].map(({ run, model }, i) => (
              <th scope="col" key={run.id}>
                <span className="quiet small">{i === 0 ? texts.first : texts.second}</span>
                <Link to="/runs/$id" params={{ id: run.id }}>
                  {run.pipeline} <code>{run.id.slice(-6)}</code>
                </Link>
                {model && <span className="quiet">{`${model.name}@${model.version}`}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row
            name={texts.state}
            cells={[first, second].map(({ run }) => <StateMark key={run.id} state={run.state} />)}
          />
          <Row
            name={texts.started}
            cells={[first, second].map(({ run }) => <When key={run.id} at={run.startedAt} />)}
          />
          <Row
            name={texts.duration}
            cells={[first, second].map(({ seconds }) => (seconds === null ? texts.unknown : timeText(seconds)))}
          />
          <Row
            name={texts.data}
            cells={[first, second].map(({ data }) => {
              const counts = Object.values(data?.counts ?? {}).flatMap((splits) => Object.values(splits));
              return counts.length === 0
                ? texts.unknown
                : countText(counts.reduce((sum, count) => sum + (count ?? 0), 0));
            })}
          />
        </tbody>
      </table>
      <section className="stack">
        <h2>{texts.differs}</h2>
        {parameters.length === 0 ? (
          <p className="quiet">{texts.same}</p>
        ) : (
          <table className="compared-table">
            <tbody>
              {parameters.map(({ name, values }) => (
                <Row key={name} name={name} cells={values.map((value) => shortened(value) ?? texts.none)} isMono />
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section className="stack">
        <h2>{texts.metrics}</h2>
        {first.evaluation && second.evaluation ? (
          <>
            <p className="quiet">
              {texts.metricsLead} {difference?.difference && texts.onPhotos(countText(difference.photos))}
            </p>
            <Intervals
              rows={names.map((name) => ({
                name: metrics[name],
                values: [first.evaluation!.metrics[name], second.evaluation!.metrics[name]],
                difference: difference?.difference?.[name],
              }))}
              series={[texts.first, texts.second]}
              differenceName={texts.difference}
              title={texts.metrics}
            />
          </>
        ) : (
          <p className="quiet">{texts.noMetrics}</p>
        )}
      </section>
      <section className="stack">
        <h2>{texts.stepTimes}</h2>
        <table className="compared-table">
          <tbody>
            {steps.map((step) => (
              <Row key={step} name={step} cells={[timeOf(first, step), timeOf(second, step)]} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Row({ name, cells, isMono = false }: { name: string; cells: ReactNode[]; isMono?: boolean }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={isMono ? 'mono' : undefined}>{cells[0]}</td>
      <td className={isMono ? 'mono' : undefined}>{cells[1]}</td>
    </tr>
  );
}

const shortened = (value: string | null) =>
  value !== null && /^(sha256:)?[0-9a-f]{40,64}$/.test(value) ? value.replace('sha256:', '').slice(0, 12) : value;
