import { type ReactNode, useEffect, useRef, useState } from 'react';
import { dictionary, useTexts } from '../../app/texts.ts';
import { Button } from '../button.tsx';
import { DataTable } from '../data-table.tsx';
import './chart.css';

const frameTexts = dictionary({ table: 'Table', chart: 'Chart', csv: 'CSV' }, { table: '表', chart: '図', csv: 'CSV' });

export interface ChartTable {
  columns: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

/** Around every chart: its title, the same numbers as a table, and as a file. @param children draws at the given width, CSS pixels */
export function ChartFrame(props: {
  title: string;
  /** What it shows, in a sentence. */
  summary?: string | undefined;
  table: ChartTable;
  children: (width: number) => ReactNode;
}) {
  const { title, summary, table, children } = props;
  const texts = useTexts(frameTexts);
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [isTable, setTable] = useState(false);
  useEffect(() => {
    if (isTable || place.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [isTable]);
  return (
    <figure className="chart">
      <figcaption className="chart-title">
        <h3>{title}</h3>
        {summary && <p className="quiet">{summary}</p>}
      </figcaption>
      <div className="chart-tools">
        <Button kind="quiet" onPress={() => setTable(!isTable)}>
          {isTable ? texts.chart : texts.table}
        </Button>
        <Button kind="quiet" onPress={() => save(title, table)}>
          {texts.csv}
        </Button>
      </div>
      {isTable ? (
        <DataTable
          label={title}
          columns={table.columns.map((name, at) => ({
            key: name,
            title: name,
            isNumber: typeof table.rows[0]?.[at] === 'number',
            cell: ({ cells }: { cells: readonly (string | number | null)[] }) => cells[at],
          }))}
          rows={table.rows.map((cells, place) => ({ cells, place }))}
          keyOf={({ place: each }) => each}
        />
      ) : (
        <div ref={place} className="chart-drawing">
          {width > 0 && children(width)}
        </div>
      )}
    </figure>
  );
}

function save(title: string, { columns, rows }: ChartTable): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csvOf([columns, ...rows])], { type: 'text/csv' }));
  link.download = `${title}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** RFC 4180. A cell that a spreadsheet would compute is text. */
export function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null) => {
    if (typeof value !== 'string') return value ?? '';
    const safe = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
