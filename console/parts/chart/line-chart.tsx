import { scaleLinear, scaleTime } from '@visx/scale';
import { AreaClosed, LinePath } from '@visx/shape';
import { useLanguage } from '../../app/choices.ts';
import { useTexts } from '../../app/texts.ts';
import { BottomAxis, LeftAxis, margin } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { chartTexts } from './chart-texts.ts';

export interface Point {
  at: Date;
  value: number;
  low?: number | null;
  high?: number | null;
}

/** Named at its end; drawn solid, dashed or dotted by its place, so that colour is not needed. */
export interface Line {
  name: string;
  points: readonly Point[];
}

const height = 200;

/** Values over time, each line with its interval, a limit across. @param shaded a period to look at */
export function LineChart(props: {
  title: string;
  summary?: string;
  lines: readonly Line[];
  format: (value: number) => string;
  limit?: { value: number; name: string } | null;
  shaded?: { from: Date; to: Date } | null;
  /** Default: from 0 to the largest. */
  domain?: readonly [number, number];
}) {
  const { title, summary, lines, format, limit, shaded, domain } = props;
  const texts = useTexts(chartTexts);
  const language = useLanguage();
  const all = lines.flatMap(({ points }) => points);
  const times = all.map(({ at }) => at.getTime());
  const most = Math.max(limit?.value ?? 0, ...all.map(({ value, high }) => high ?? value), 1e-9);
  const rows = lines.flatMap(({ name, points }) =>
    points.map(({ at, value, low, high }) => [name, at.toISOString(), value, low ?? null, high ?? null]),
  );
  const columns = [texts.name, texts.time, texts.value, texts.low, texts.high];
  return (
    <ChartFrame title={title} summary={summary} table={{ columns, rows }}>
      {(width) => {
        const right = width - margin.right - (lines.length > 1 ? roomFor(lines) : 0);
        const x = scaleTime({ domain: [Math.min(...times), Math.max(...times)], range: [margin.left, right] });
        const y = scaleLinear({
          domain: [...(domain ?? [0, most * 1.05])],
          range: [height - margin.bottom, margin.top],
        });
        // no day twice
        const days = Math.ceil((Math.max(...times) - Math.min(...times)) / 86_400_000);
        const day = new Intl.DateTimeFormat(language, { month: 'numeric', day: 'numeric' });
        return (
          <svg width={width} height={height} role="img" aria-label={title}>
            {shaded && (
              <rect
                className="chart-shade"
                x={x(shaded.from)}
                y={margin.top}
                width={Math.max(2, x(shaded.to) - x(shaded.from))}
                height={height - margin.top - margin.bottom}
              />
            )}
            {limit && (
              <g>
                <line className="chart-limit" x1={margin.left} x2={right} y1={y(limit.value)} y2={y(limit.value)} />
                <text className="chart-name" x={margin.left + 4} y={y(limit.value) - 4}>
                  {limit.name}
                </text>
              </g>
            )}
            {lines.map(({ name, points }, at) => (
              <g key={name} className={`chart-line chart-line-${at % 3}`}>
                <AreaClosed
                  className="chart-range"
                  data={points.filter(({ low, high }) => low != null && high != null)}
                  x={({ at: time }) => x(time)}
                  y0={({ low }) => y(low ?? 0)}
                  y1={({ high }) => y(high ?? 0)}
                  yScale={y}
                />
                <LinePath data={[...points]} x={({ at: time }) => x(time)} y={({ value }) => y(value)} />
                {points.length === 1 && points[0] && (
                  <circle className="chart-dot" cx={x(points[0].at)} cy={y(points[0].value)} r={3} />
                )}
              </g>
            ))}
            {lines.length > 1 &&
              namesAtEnds(lines, y).map(({ name, at }) => (
                <text key={name} className="chart-name" x={right + 6} y={at} dominantBaseline="central">
                  {name}
                </text>
              ))}
            <LeftAxis scale={y} format={format as (value: never) => string} />
            <BottomAxis
              scale={x}
              top={height - margin.bottom}
              ticks={Math.max(2, Math.min(days, Math.floor(width / 110)))}
              format={(value: Date) => day.format(value)}
            />
          </svg>
        );
      }}
    </ChartFrame>
  );
}

/** Pixels of the longest name: kana and kanji are as wide as the text is high, letters a bit over half of it. */
const roomFor = (lines: readonly Line[]): number =>
  12 + Math.max(...lines.map(({ name }) => [...name].reduce((sum, each) => sum + (each < '\u2e80' ? 6.6 : 12), 0)));

/** Beside the last values, a line of text apart, within the chart. */
function namesAtEnds(lines: readonly Line[], y: (value: number) => number): { name: string; at: number }[] {
  const names = lines
    .flatMap(({ name, points }) => {
      const last = points.at(-1);
      return last ? [{ name, at: y(last.value) }] : [];
    })
    .toSorted((a, b) => b.at - a.at);
  for (const [place, name] of names.entries()) {
    const below = names[place - 1];
    if (below) name.at = Math.min(name.at, below.at - 15);
  }
  return names;
}
