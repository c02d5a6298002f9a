import type { ReactNode } from 'react';
import './data-table.css';

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers end at the same place. */
  isNumber?: boolean;
}

/** A table; on a phone each row is a card whose cells carry their titles. Put a link in the first cell of rows that open. */
export function DataTable<Row>(props: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
}) {
  const { label, columns, rows, keyOf } = props;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: on a phone its display is not that of a table, which would take its role
    <table className="data-table" role="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, isNumber }) => (
            <th key={key} scope="col" className={isNumber ? 'data-table-number' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ key, title, cell, isNumber }) => (
              <td key={key} data-title={title} className={isNumber ? 'data-table-number' : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
