import { scaleLinear } from '@visx/scale';
import { useTexts } from '../../app/texts.ts';
import { BottomAxis, LeftAxis, margin } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { chartTexts } from './chart-texts.ts';

export interface Bins {
  name: string;
  /** Shares of the whole, one per bin. */
  shares: readonly number[];
}

const height = 180;

/** One distribution, or two over each other: the first hatched (what is usual), the second an outline. @param edges one more than bins */
export function Histogram(props: {
  title: string;
  summary?: string;
  edges: readonly number[];
  series: readonly Bins[];
  format: (value: number) => string;
}) {
  const { title, summary, edges, series, format } = props;
  const texts = useTexts(chartTexts);
  const most = Math.max(1e-9, ...series.flatMap(({ shares }) => shares));
  const rows = edges
    .slice(0, -1)
    .map((edge, at) => [edge, edges[at + 1] ?? null, ...series.map(({ shares }) => shares[at] ?? 0)]);
  return (
    <ChartFrame
      title={title}
      summary={summary}
      table={{ columns: [texts.from, texts.to, ...series.map(({ name }) => name)], rows }}
    >
      {(width) => {
        const x = scaleLinear({
          domain: [edges[0] ?? 0, edges.at(-1) ?? 1],
          range: [margin.left, width - margin.right],
        });
        const y = scaleLinear({ domain: [0, most * 1.1], range: [height - margin.bottom, margin.top] });
        const base = height - margin.bottom;
        return (
          <svg width={width} height={height} role="img" aria-label={title}>
            {series.map(({ name, shares }, place) => (
              <g key={name} className={`chart-bins chart-bins-${place}`}>
                {shares.map((share, at) => {
                  const [from, to] = [x(edges[at] ?? 0), x(edges[at + 1] ?? 0)];
                  return (
                    <rect
                      key={edges[at]}
                      x={from}
                      y={y(share)}
                      width={Math.max(0, to - from - 1)}
                      height={base - y(share)}
                    >
                      <title>{`${name}: ${format(edges[at] ?? 0)} – ${format(edges[at + 1] ?? 0)}`}</title>
                    </rect>
                  );
                })}
              </g>
            ))}
            <LeftAxis
              scale={y}
              format={((value: number) => `${Math.round(100 * value)} %`) as (value: never) => string}
            />
            <BottomAxis scale={x} top={base} format={format as (value: never) => string} />
          </svg>
        );
      }}
    </ChartFrame>
  );
}
