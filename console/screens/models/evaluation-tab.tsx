import { useQuery } from '@tanstack/react-query';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { ChartFrame } from '../../parts/chart/chart-frame.tsx';
import { Intervals } from '../../parts/chart/intervals.tsx';
import { metricTexts } from '../../parts/chart/metric-texts.ts';
import { countText, figureText } from '../runs/amounts.ts';
import { Confusion } from './confusion.tsx';
import { type Evaluation, evaluationQuery, type ModelEvaluation, type Version } from './data.ts';
import { NoEvaluation } from './no-evaluation.tsx';
import { type Dot, SquareChart } from './square-chart.tsx';
import { modelTexts } from './texts.ts';
import './evaluation-tab.css';

interface EvaluationTabProps {
  version: Version;
  /** `truth,answer`: indexes of labels. */
  cell: string | undefined;
  choose: (cell: string | undefined) => void;
}

export function EvaluationTab({ version: { name, version }, cell, choose }: EvaluationTabProps) {
  const reference = `${name}@${version}`;
  const { data, error, refetch } = useQuery(evaluationQuery(reference));
  if (error) return <Fault error={error} retry={refetch} />;
  if (data === undefined) return <Waiting />;
  if (data === null) return <NoEvaluation />;
  const { evaluation } = data;
  return (
    <div className="evaluation">
      <Metrics evaluation={evaluation} />
      <div className="evaluation-plots">
        {evaluation.curve && <Curves curve={evaluation.curve} />}
        <Reliability evaluation={evaluation} />
      </div>
      <Confusion reference={reference} data={data.examples} evaluation={evaluation} cell={cell} choose={choose} />
      <Slices evaluation={evaluation} />
      <Checks blessing={data.blessing} />
    </div>
  );
}

function Metrics({ evaluation: { metrics, examples } }: { evaluation: Evaluation }) {
  const texts = useTexts(modelTexts);
  const names = useTexts(metricTexts);
  const keys = Object.keys(metrics) as (keyof typeof metrics)[];
  return (
    <ChartFrame
      title={texts.metrics}
      summary={texts.metricsNote(countText(examples))}
      table={{
        columns: [texts.metrics, 'value', 'low', 'high'],
        rows: keys.map((key) => [names[key], metrics[key].value, metrics[key].low, metrics[key].high]),
      }}
    >
      {() => (
        <Intervals title={texts.metrics} rows={keys.map((key) => ({ name: names[key], values: [metrics[key]] }))} />
      )}
    </ChartFrame>
  );
}

function Curves({ curve }: { curve: NonNullable<Evaluation['curve']> }) {
  const texts = useTexts(modelTexts);
  const rows = curve.map(({ threshold, falsePositiveRate, recall, precision }) => [
    threshold,
    falsePositiveRate,
    recall,
    precision,
  ]);
  const columns = [texts.threshold, texts.falseAlarms, texts.found, texts.precision];
  return (
    <>
      <ChartFrame title={texts.roc} table={{ columns, rows }}>
        {() => (
          <SquareChart
            x={texts.falseAlarms}
            y={texts.found}
            line={curve.map(({ falsePositiveRate, recall }) => [falsePositiveRate, recall])}
            hasDiagonal
          />
        )}
      </ChartFrame>
      <ChartFrame title={texts.pr} table={{ columns, rows }}>
        {() => (
          <SquareChart
            x={texts.found}
            y={texts.precision}
            line={curve
              .filter(({ threshold }) => threshold !== null)
              .map(({ recall, precision }) => [recall, precision])}
          />
        )}
      </ChartFrame>
    </>
  );
}

function Reliability({ evaluation: { reliability, metrics, eceFloor } }: { evaluation: Evaluation }) {
  const texts = useTexts(modelTexts);
  const most = Math.max(1, ...reliability.map(({ count }) => count));
  const dots: Dot[] = reliability
    .filter(({ count }) => count > 0)
    .map(({ confidence, accuracy, count }) => ({
      x: confidence,
      y: accuracy,
      size: 2 + 5 * Math.sqrt(count / most),
      name: texts.photos(countText(count)),
    }));
  const ece = metrics.ece.value;
  return (
    <ChartFrame
      title={texts.reliability}
      summary={ece === null ? undefined : texts.eceNote(figureText(ece), figureText(eceFloor))}
      table={{
        columns: [texts.said, texts.was, texts.photos('')],
        rows: reliability.map(({ confidence, accuracy, count }) => [confidence, accuracy, count]),
      }}
    >
      {() => <SquareChart x={texts.said} y={texts.was} dots={dots} hasDiagonal />}
    </ChartFrame>
  );
}

function Slices({ evaluation: { slices, metrics } }: { evaluation: Evaluation }) {
  const texts = useTexts(modelTexts);
  const named = useLabelName();
  if (slices.length === 0) return null;
  return (
    <ChartFrame
      title={texts.slices}
      summary={texts.slicesNote}
      table={{
        columns: [texts.slices, texts.photos(''), 'value', 'low', 'high'],
        rows: slices.map(({ by, value, examples, metrics: { accuracy } }) => [
          by === 'label' ? named(value) : `${by} ${value}`,
          examples,
          accuracy.value,
          accuracy.low,
          accuracy.high,
        ]),
      }}
    >
      {() => (
        <Intervals
          title={texts.slices}
          mark={metrics.accuracy.value}
          rows={slices.map(({ by, value, examples, metrics: { accuracy } }) => ({
            name: by === 'label' ? named(value) : `${by}: ${value}`,
            note: texts.photos(countText(examples)),
            values: [accuracy],
          }))}
        />
      )}
    </ChartFrame>
  );
}

function Checks({ blessing }: { blessing: ModelEvaluation['blessing'] }) {
  const texts = useTexts(modelTexts);
  if (!blessing || blessing.checks.length === 0) return null;
  return (
    <section className="stack">
      <h2>{texts.checks}</h2>
      <ul className="evaluation-checks">
        {blessing.checks.map(({ name, value, passed, message }) => (
          <li key={name}>
            <span className={passed ? 'evaluation-passed' : 'evaluation-failed'}>
              {passed ? texts.checkPassed : texts.checkFailed}
            </span>
            <span className="mono">{name}</span>
            <span>{value === null ? '' : figureText(value)}</span>
            {message && <span className="quiet">{message}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
