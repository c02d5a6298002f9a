import { useQueries, useQuery } from '@tanstack/react-query';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { LineChart } from '../../parts/chart/line-chart.tsx';
import { percentText } from '../../parts/numbers.ts';
import { monitorsQuery, type ResultAnswer, resultsQuery } from './data.ts';
import { watchTexts } from './texts.ts';

const kinds = ['measured-accuracy', 'estimated-accuracy'] as const;

/** What labels say, beside what the scores let expect, per endpoint. */
export function Accuracy() {
  const { accuracy: texts } = useTexts(watchTexts);
  const monitors = useQuery(monitorsQuery);
  const own = (monitors.data ?? []).flatMap(({ monitor }) =>
    kinds.some((kind) => kind === monitor.kind) ? [monitor] : [],
  );
  const results = useQueries({ queries: own.map(({ name }) => resultsQuery(name)) });
  if (!monitors.data) return monitors.error ? <Fault error={monitors.error} retry={monitors.refetch} /> : <Waiting />;
  const all = results.flatMap(({ data }) => data ?? []).filter(({ finding }) => finding.statistic !== null);
  const byEndpoint = Object.entries(Object.groupBy(all, ({ endpoint }) => endpoint));
  if (results.some(({ isPending }) => isPending)) return <Waiting />;
  if (byEndpoint.length === 0)
    return (
      <div className="stack">
        <p>{texts.none}</p>
        <p className="quiet">{texts.noneSaid}</p>
      </div>
    );
  return byEndpoint.map(([endpoint, found = []]) => <Chart key={endpoint} endpoint={endpoint} results={found} />);
}

function Chart({ endpoint, results }: { endpoint: string; results: readonly ResultAnswer[] }) {
  const { accuracy: texts } = useTexts(watchTexts);
  const line = (kind: string, name: string) => ({
    name,
    points: results
      .filter((each) => each.kind === kind)
      .map(({ windowEnd, finding: { statistic, interval } }) => ({
        at: new Date(windowEnd),
        value: statistic ?? 0,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
      })),
  });
  const lines = [line('measured-accuracy', texts.measured), line('estimated-accuracy', texts.estimated)];
  return (
    <LineChart
      title={texts.title(endpoint)}
      summary={texts.note}
      format={(value) => percentText(value, 0)}
      domain={[0, 1]}
      lines={lines.filter(({ points }) => points.length > 0)}
    />
  );
}
