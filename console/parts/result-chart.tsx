import { dictionary, useTexts } from '../app/texts.ts';
import { LineChart } from './chart/line-chart.tsx';
import { figure } from './numbers.ts';

const resultTexts = dictionary(
  { statistic: 'statistic', p: 'Probability by chance', threshold: 'threshold' },
  { statistic: '統計量', p: '偶然である確率', threshold: 'しきい値' },
);

interface Result {
  windowStart: string;
  windowEnd: string;
  finding: {
    statistic: number | null;
    p: number | null;
    threshold: number | null;
    interval: { low: number; high: number } | null;
  };
}

/**
 * The statistic with its threshold. A monitor that tests by chance has its threshold in p: then p is drawn, and below the line is a breach.
 * @param results oldest first
 */
export function ResultChart(props: {
  title: string;
  results: readonly Result[];
  shaded?: readonly [Date, Date] | undefined;
}) {
  const { title, results, shaded } = props;
  const texts = useTexts(resultTexts);
  const isTest = results.some(({ finding }) => finding.p !== null);
  const threshold = results.findLast(({ finding }) => finding.threshold !== null)?.finding.threshold ?? null;
  const limit = threshold === null ? null : { value: threshold, name: texts.threshold };
  const points = (read: (finding: Result['finding']) => number | null) =>
    results.flatMap(({ windowEnd, finding }) => {
      const value = read(finding);
      return value === null
        ? []
        : [
            {
              at: new Date(windowEnd),
              value,
              low: finding.interval?.low ?? null,
              high: finding.interval?.high ?? null,
            },
          ];
    });
  const period = shaded && { from: shaded[0], to: shaded[1] };
  return (
    <div className="stack">
      <LineChart
        title={title}
        format={figure}
        lines={[{ name: texts.statistic, points: points(({ statistic }) => statistic) }]}
        limit={isTest ? null : limit}
        shaded={period ?? null}
      />
      {isTest && (
        <LineChart
          title={texts.p}
          format={figure}
          lines={[{ name: 'p', points: points(({ p }) => p).map(({ at, value }) => ({ at, value })) }]}
          limit={limit}
          shaded={period ?? null}
        />
      )}
    </div>
  );
}
