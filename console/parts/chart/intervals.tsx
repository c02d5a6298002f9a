import { useLanguage } from '../../app/choices.ts';
import { dictionary, useTexts } from '../../app/texts.ts';
import './intervals.css';

interface Interval {
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface IntervalRow {
  name: string;
  /** Beside the name: how many it is of. */
  note?: string;
  /** One per series: the first is a filled dot, the second a ring. */
  values: readonly (Interval | undefined)[];
  /** Second - first. */
  difference?: Interval | undefined;
}

const intervalTexts = dictionary(
  { value: 'Value', of: (low: string, high: string) => `${low} to ${high}` },
  { value: '値', of: (low: string, high: string) => `${low}〜${high}` },
);

/** Dots with their 95 % intervals on a scale from 0, one line each. @param mark a value to compare with, such as that of all */
export function Intervals(props: {
  title: string;
  rows: readonly IntervalRow[];
  series?: readonly [string, string];
  differenceName?: string;
  mark?: number | null | undefined;
}) {
  const { title, rows, series, differenceName, mark } = props;
  const texts = useTexts(intervalTexts);
  const language = useLanguage();
  const text = (value: number | null | undefined) =>
    value === null || value === undefined
      ? '–'
      : new Intl.NumberFormat(language, { maximumFractionDigits: 3, minimumFractionDigits: 3 }).format(value);
  const signed = (value: number | null) => (value !== null && value > 0 ? `+${text(value)}` : text(value));
  const hasDifference = differenceName !== undefined && rows.some(({ difference }) => difference);
  return (
    <table className={series ? 'intervals intervals-two' : 'intervals'} aria-label={title}>
      <thead className={series || hasDifference ? undefined : 'visually-hidden'}>
        <tr>
          <td />
          <td />
          {series ? (
            series.map((name, i) => (
              <th scope="col" key={name}>
                <svg viewBox="-6 -6 12 12" aria-hidden="true" className="intervals-key">
                  <Dot x={0} isRing={i === 1} />
                </svg>
                {name}
              </th>
            ))
          ) : (
            <th scope="col">{texts.value}</th>
          )}
          {hasDifference && <th scope="col">{differenceName}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const most = Math.max(1, ...row.values.map((each) => each?.high ?? each?.value ?? 0));
          return (
            <tr key={`${row.name} ${row.note ?? ''}`}>
              <th scope="row">
                {row.name} {row.note && <span className="quiet">{row.note}</span>}
              </th>
              <td className="intervals-cell">
                <div className="intervals-plot">
                  <svg viewBox={`0 0 200 ${row.values.length * 12}`} preserveAspectRatio="none" aria-hidden="true">
                    <path className="intervals-axis" d={`M0 ${row.values.length * 6} H200`} />
                    {mark !== null && mark !== undefined && (
                      <path className="intervals-mark" d={`M${(mark / most) * 200} 0 V${row.values.length * 12}`} />
                    )}
                    {row.values.map((each, i) =>
                      each?.low != null && each.high != null ? (
                        <path
                          // biome-ignore lint/suspicious/noArrayIndexKey: a series has its place
                          key={i}
                          className="intervals-range"
                          d={`M${(Math.max(0, each.low) / most) * 200} ${i * 12 + 6} H${(each.high / most) * 200}`}
                        />
                      ) : null,
                    )}
                  </svg>
                  {row.values.map((each, i) =>
                    each?.value != null ? (
                      <span
                        // biome-ignore lint/suspicious/noArrayIndexKey: a series has its place
                        key={i}
                        className={i === 1 ? 'intervals-dot intervals-ring' : 'intervals-dot'}
                        style={{
                          left: `${(each.value / most) * 100}%`,
                          top: `${((i + 0.5) / row.values.length) * 100}%`,
                        }}
                      />
                    ) : null,
                  )}
                </div>
              </td>
              {row.values.map((each, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a series has its place
                <td key={i} className="intervals-value">
                  {text(each?.value)}
                  {each?.low != null && each.high != null && (
                    <span className="quiet small">{texts.of(text(each.low), text(each.high))}</span>
                  )}
                </td>
              ))}
              {hasDifference && (
                <td className="intervals-value">
                  {row.difference ? signed(row.difference.value) : '–'}
                  {row.difference?.low != null && row.difference.high != null && (
                    <span className="quiet small">
                      {texts.of(signed(row.difference.low), signed(row.difference.high))}
                    </span>
                  )}
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Dot({ x, isRing }: { x: number; isRing: boolean }) {
  return isRing ? (
    <circle cx={x} r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
  ) : (
    <circle cx={x} r="4.5" fill="currentColor" />
  );
}
