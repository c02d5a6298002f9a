import { AxisBottom, AxisLeft } from '@visx/axis';

export const margin = { top: 8, right: 12, bottom: 28, left: 44 };

// each takes the scales of @visx/scale
type Scale = Parameters<typeof AxisBottom>[0]['scale'];

export function BottomAxis({
  scale,
  top,
  ticks = 5,
  format,
}: {
  scale: Scale;
  top: number;
  ticks?: number;
  format?: (value: never) => string;
}) {
  return (
    <AxisBottom
      scale={scale}
      top={top}
      numTicks={ticks}
      axisLineClassName="chart-axis"
      tickClassName="chart-tick"
      tickLength={4}
      {...(format && { tickFormat: format as never })}
    />
  );
}

export function LeftAxis({
  scale,
  ticks = 4,
  format,
}: {
  scale: Scale;
  ticks?: number;
  format?: (value: never) => string;
}) {
  return (
    <AxisLeft
      scale={scale}
      left={margin.left}
      numTicks={ticks}
      axisLineClassName="chart-axis"
      tickClassName="chart-tick"
      tickLength={4}
      {...(format && { tickFormat: format as never })}
    />
  );
}
