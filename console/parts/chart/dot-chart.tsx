import { scaleLinear } from '@visx/scale';
import { useTexts } from '../../app/texts.ts';
import { BottomAxis, margin } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { chartTexts } from './chart-texts.ts';

export interface Dot {
  name: string;
  value: number;
  /** Ends of its interval; null: unknown. */
  low: number | null;
  high: number | null;
  /** Drawn as a filled mark. */
  isMain?: boolean;
}

const rowHeight = 28;
const nameWidth = 140;

/** Values by name, each with its interval: slices, versions. @param domain ends of the axis; from 0 for shares */
export function DotChart(props: {
  title: string;
  summary?: string;
  dots: readonly Dot[];
  domain: readonly [number, number];
  format: (value: number) => string;
}) {
  const { title, summary, dots, domain, format } = props;
  const texts = useTexts(chartTexts);
  const rows = dots.map(({ name, value, low, high }) => [name, value, low, high]);
  return (
    <ChartFrame
      title={title}
      summary={summary}
      table={{ columns: [texts.name, texts.value, texts.low, texts.high], rows }}
    >
      {(width) => {
        const x = scaleLinear({ domain: [...domain], range: [nameWidth, width - margin.right - 56] });
        const height = rowHeight * dots.length;
        return (
          <svg width={width} height={height + margin.bottom} role="img" aria-label={title}>
            {dots.map(({ name, value, low, high, isMain }, at) => {
              const y = rowHeight * (at + 0.5);
              return (
                <g key={name}>
                  <text className="chart-name" x={0} y={y} dominantBaseline="central">
                    {name.length > 20 ? `${name.slice(0, 19)}…` : name}
                    <title>{name}</title>
                  </text>
                  {low !== null && high !== null && (
                    <line className="chart-interval" x1={x(low)} x2={x(high)} y1={y} y2={y} />
                  )}
                  <circle className={isMain ? 'chart-dot chart-dot-main' : 'chart-dot'} cx={x(value)} cy={y} r={4} />
                  <text className="chart-value" x={width} y={y} textAnchor="end" dominantBaseline="central">
                    {format(value)}
                  </text>
                </g>
              );
            })}
            <BottomAxis scale={x} top={height} format={format as (value: never) => string} />
          </svg>
        );
      }}
    </ChartFrame>
  );
}
