import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { LineChart } from '../../parts/chart/line-chart.tsx';
import { Choice } from '../../parts/choice.tsx';
import { milliseconds, percentText, short, whole } from '../../parts/numbers.ts';
import { type SeriesAnswer, type Span, seriesQuery, spans } from './data.ts';
import { type ServiceTexts, serviceTexts } from './texts.ts';

const route = getRouteApi('/service');

export function Traffic({ endpoint }: { endpoint: string }) {
  const texts = useTexts(serviceTexts);
  const search = route.useSearch();
  const { span = 'week' } = search;
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(seriesQuery(endpoint, span));
  return (
    <div className="traffic">
      <div className="traffic-head">
        <Choice
          label={texts.span}
          isLabelHidden
          value={span}
          options={(Object.keys(spans) as Span[]).map((value) => ({ value, text: texts.spans[value] }))}
          onChange={(next) => navigate({ to: '/service', search: { ...search, span: next }, replace: true })}
        />
        {data && <Figures series={data} texts={texts} />}
      </div>
      {error && <Fault error={error} retry={refetch} />}
      {data ? <Charts series={data} texts={texts} /> : !error && <Waiting />}
    </div>
  );
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

function Figures({ series: { total }, texts }: { series: SeriesAnswer; texts: ServiceTexts }) {
  const photos = sum(total.photos);
  const share = (counts: readonly number[]) => (photos === 0 ? '–' : percentText(sum(counts) / photos));
  const newest = (values: readonly (number | null)[]) => {
    const found = values.findLast((value) => value !== null);
    return found === undefined || found === null ? '–' : milliseconds(found);
  };
  const { figures } = texts;
  const all = [
    [whole(photos), figures.photos],
    [newest(total.p50), figures.p50],
    [newest(total.p99), figures.p99],
    [share(total.failed), figures.errors],
    [share(total.uncertain), figures.uncertain],
    [share(total.unlike), figures.unlike],
  ] as const;
  return (
    <dl className="figures">
      {all.map(([number, name]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{number}</dd>
        </div>
      ))}
    </dl>
  );
}

function Charts({ series, texts }: { series: SeriesAnswer; texts: ServiceTexts }) {
  const { total, stepS, from, versions } = series;
  if (sum(total.photos) === 0) return <p className="quiet">{texts.noTraffic}</p>;
  const at = (i: number) => new Date(Date.parse(from) + 1000 * stepS * i);
  const line = (name: string, values: readonly (number | null)[]) => ({
    name,
    points: values.flatMap((value, i) => (value === null ? [] : [{ at: at(i), value }])),
  });
  const shareOf = (counts: readonly number[]) =>
    counts.map((count, i) => (total.photos[i]! > 0 ? count / total.photos[i]! : null));
  const { charts, figures } = texts;
  return (
    <div className="traffic-charts">
      <LineChart
        title={charts.photos}
        format={short}
        lines={[
          line(figures.photos, total.photos),
          ...(sum(total.failed) > 0 ? [line(charts.failed, total.failed)] : []),
        ]}
      />
      <LineChart
        title={charts.latency}
        format={milliseconds}
        lines={[line(figures.p50, total.p50), line(figures.p99, total.p99)]}
      />
      <LineChart
        title={charts.shares}
        format={(value) => percentText(value, 0)}
        lines={[line(figures.uncertain, shareOf(total.uncertain)), line(figures.unlike, shareOf(total.unlike))]}
      />
      {versions.length > 1 && (
        <LineChart
          title={charts.versions}
          format={short}
          lines={versions
            .slice(0, 4)
            .map(({ model, version, role, photos }) => line(`${model}@${version ?? ''} ${texts.roles[role]}`, photos))}
        />
      )}
    </div>
  );
}
