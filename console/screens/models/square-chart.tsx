import { scaleLinear } from '@visx/scale';
import { percentText } from '../../parts/numbers.ts';

import './square-chart.css';

export interface Dot {
  x: number;
  y: number;
  /** Radius. */
  size: number;
  name: string;
}

interface SquareChartProps {
  /** Names of the axes: shares, 0..1. */
  x: string;
  y: string;
  line?: readonly (readonly [number, number])[];
  dots?: readonly Dot[];
  hasDiagonal?: boolean;
}

const side = 240;
const ticks = [0, 0.5, 1];

/** Two shares against each other. The same numbers are in the table beside it. */
export function SquareChart({ x: xName, y: yName, line = [], dots = [], hasDiagonal = false }: SquareChartProps) {
  const x = scaleLinear({ domain: [0, 1], range: [0, side] });
  const y = scaleLinear({ domain: [0, 1], range: [side, 0] });
  const path = line.map(([across, up], i) => `${i === 0 ? 'M' : 'L'}${x(across)} ${y(up)}`).join('');
  return (
    <div className="square">
      <span className="square-y small quiet">{yName}</span>
      <svg viewBox={`-34 -8 ${side + 48} ${side + 30}`} aria-hidden="true" className="square-plot">
        {ticks.map((at) => (
          <g key={at}>
            <path className="square-grid" d={`M0 ${y(at)} H${side} M${x(at)} 0 V${side}`} />
            <text x="-6" y={y(at)} dy="0.32em" textAnchor="end">
              {percentText(at)}
            </text>
            <text x={x(at)} y={side + 16} textAnchor={at === 1 ? 'end' : at === 0 ? 'start' : 'middle'}>
              {percentText(at)}
            </text>
          </g>
        ))}
        {hasDiagonal && <path className="square-diagonal" d={`M0 ${side} L${side} 0`} />}
        <path className="square-line" d={path} />
        {dots.map((dot) => (
          <circle key={`${dot.x} ${dot.y}`} className="square-dot" cx={x(dot.x)} cy={y(dot.y)} r={dot.size}>
            <title>{dot.name}</title>
          </circle>
        ))}
      </svg>
      <span className="square-x small quiet">{xName}</span>
    </div>
  );
}
