import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLanguage } from '../../app/choices.ts';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { percentText } from '../../parts/numbers.ts';
import { anomaliesQuery, dataSetQuery, rejectedQuery, splits } from './data.ts';
import { photosTexts } from './texts.ts';

type Found = NonNullable<Awaited<ReturnType<NonNullable<ReturnType<typeof anomaliesQuery>['queryFn']>>>>;

/** What the ExampleValidator found, how labels are spread, and which files are no photos. */
export function ChecksTab({ data }: { data: string }) {
  const texts = useTexts(photosTexts).checks;
  const { data: found, error, refetch } = useQuery(anomaliesQuery(data));
  if (error) return <Fault error={error} retry={refetch} />;
  if (found === undefined) return <Waiting />;
  return (
    <div className="checks">
      <section className="checks-found stack">
        {found === null ? (
          <>
            <h2>{texts.none}</h2>
            <p className="quiet">{texts.noneNext}</p>
          </>
        ) : (
          <Anomalies found={found} />
        )}
      </section>
      {found?.probe && <Probe probe={found.probe} />}
      <Labels data={data} />
      <Rejected data={data} />
    </div>
  );
}

function Anomalies({ found }: { found: Found }) {
  const texts = useTexts(photosTexts).checks;
  const { anomalies, errors, warnings } = found;
  return (
    <>
      <h2>{anomalies.length === 0 ? texts.good : texts.found(errors, warnings)}</h2>
      <ul className="anomalies">
        {anomalies.map((each) => (
          <li key={`${each.code} ${each.split} ${each.subject}`} className="anomaly">
            <p>
              <strong className={each.severity === 'error' ? 'anomaly-error' : 'anomaly-warning'}>
                {each.severity === 'error' ? texts.error : texts.warning}
              </strong>
              <code className="quiet">{each.code}</code>
            </p>
            <p>{each.message}</p>
            <p className="quiet">{each.remedy}</p>
            {each.filenames && each.filenames.length > 0 && (
              <details>
                <summary>{texts.files}</summary>
                <ul className="mono small">
                  {each.filenames.map((name) => (
                    <li key={name}>
                      <bdi>{name}</bdi>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Corners and middles of the edges, clockwise from the top left; parts of the side. */
const borderPixels = [
  [0, 0],
  [1, 0],
  [2, 0],
  [2, 1],
  [2, 2],
  [1, 2],
  [0, 2],
  [0, 1],
] as const;

function Probe({ probe }: { probe: NonNullable<Found['probe']> }) {
  const texts = useTexts(photosTexts).checks;
  const { accuracy, low, high, chance, fires } = probe;
  const [said, from, to, guess] = [accuracy, low, high, chance].map((share) => percentText(share, 0)) as [
    string,
    string,
    string,
    string,
  ];
  return (
    <section className="stack">
      <h2>{texts.probe}</h2>
      <div className="probe">
        <svg className="probe-drawing" viewBox="0 0 96 96" role="img" aria-label={texts.probePixels}>
          <rect x="1" y="1" width="94" height="94" className="probe-photo" />
          {borderPixels.map(([x, y]) => (
            <rect key={`${x}-${y}`} x={2 + x * 42} y={2 + y * 42} width="8" height="8" className="probe-pixel" />
          ))}
        </svg>
        <div className="stack-small">
          <p>{texts.probeSays(said, from, to, guess)}</p>
          <p className={fires ? 'probe-fires' : 'quiet'}>{fires ? texts.probeFires : texts.probeGood}</p>
        </div>
      </div>
    </section>
  );
}

const mostLabels = 30;

function Labels({ data }: { data: string }) {
  const texts = useTexts(photosTexts);
  const number = new Intl.NumberFormat(useLanguage());
  const { data: detail } = useQuery(dataSetQuery(data));
  const named = useLabelName();
  if (!detail) return null;
  const rows = Object.entries(detail.counts)
    .map(([label, of]) => ({ label, of, count: splits.reduce((sum, split) => sum + of[split], 0) }))
    .sort((a, b) => b.count - a.count);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <section className="stack">
      <h2>{texts.checks.labels}</h2>
      <table className="label-bars">
        <caption className="label-bars-legend quiet small">
          {splits.map((split) => (
            <span key={split}>
              <span className={`label-bar label-bar-${split}`} aria-hidden="true" />
              {texts.filters.splits[split]}
            </span>
          ))}
        </caption>
        <tbody>
          {rows.slice(0, mostLabels).map(({ label, of, count }) => (
            <tr key={label}>
              <th scope="row">
                <bdi>{named(label)}</bdi>
              </th>
              <td className="label-bars-cell">
                <span className="label-bars-bar" aria-hidden="true">
                  {splits.map((split) => (
                    <span
                      key={split}
                      className={`label-bar label-bar-${split}`}
                      style={{ width: `${(100 * of[split]) / most}%` }}
                    />
                  ))}
                </span>
              </td>
              <td
                className="label-bars-count"
                title={splits.map((split) => `${texts.filters.splits[split]} ${of[split]}`).join(', ')}
              >
                {number.format(count)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > mostLabels && <p className="quiet small">{texts.checks.moreLabels(rows.length - mostLabels)}</p>}
    </section>
  );
}

function Rejected({ data }: { data: string }) {
  const texts = useTexts(photosTexts).checks;
  const { data: pages, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(rejectedQuery(data));
  if (error) return <Fault error={error} retry={refetch} />;
  if (!pages) return null;
  const files = pages.pages.flatMap(({ items }) => items);
  return (
    <section className="checks-rejected stack">
      <h2>{texts.rejected}</h2>
      {files.length === 0 && <p className="quiet">{texts.rejectedNone}</p>}
      {files.length > 0 && (
        <DataTable
          label={texts.rejected}
          rows={files}
          keyOf={({ filename, code }) => `${filename} ${code}`}
          columns={[
            { key: 'file', title: texts.file, cell: ({ filename }) => <bdi>{filename}</bdi> },
            { key: 'why', title: texts.why, cell: ({ message }) => message },
            { key: 'code', title: texts.code, cell: ({ code }) => <code className="photos-code">{code}</code> },
          ]}
        />
      )}
      {hasNextPage && <Button onPress={() => fetchNextPage()}>{texts.more}</Button>}
    </section>
  );
}
