import { toMitateError } from '../../errors/index.ts';
import { cellWidth } from './cell-width.ts';
import { safeText } from './safe-text.ts';

export interface OutputOptions {
  /** JSON Lines on stdout. */
  json: boolean;
  color: boolean;
  /** Show the cause of errors. */
  verbose: boolean;
}

type Cell = string | number | null | undefined;

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** What a command prints: results to stdout, everything else to stderr. */
export class Output {
  readonly options: OutputOptions;
  constructor(options: OutputOptions) {
    this.options = options;
  }

  /** A result for people; nothing under --json. */
  line(text = ''): void {
    if (!this.options.json) process.stdout.write(`${text}\n`);
  }

  /** A result for programs; only under --json. */
  json(value: unknown): void {
    if (this.options.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** A message on stderr, also under --json. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /**
   * Records: JSON Lines under --json, else a table.
   * @param emptyText printed when there are none
   * @param rowOf column name -> cell; numbers' names start with `#`
   */
  list<T>(records: readonly T[], emptyText: string, rowOf: (record: T) => Record<string, Cell>): void {
    for (const record of records) this.json(record);
    const rows = records.map(rowOf);
    this.table(Object.keys(rows[0] ?? {}), rows.map(Object.values), emptyText);
  }

  /**
   * Columns as wide as their widest cell; right-aligned where the column's name starts with `#`.
   * @param emptyText printed instead of a bare header when there are no rows
   */
  table(columns: readonly string[], rows: readonly (readonly Cell[])[], emptyText?: string): void {
    if (this.options.json) return;
    if (rows.length === 0 && emptyText !== undefined) {
      this.line(emptyText);
      return;
    }
    const cells = rows.map((row) => row.map((cell) => safeText(String(cell ?? ''))));
    const header = columns.map((name) => name.replace('#', ''));
    const layout = columns.map((name, c) => {
      const width = Math.max(...[header, ...cells].map((row) => cellWidth(row[c] ?? '')));
      return { width, isRight: name.startsWith('#') };
    });
    const write = (row: readonly string[]) => {
      const padded = layout.map(({ width, isRight }, c) => {
        const text = row[c] ?? '';
        const gap = ' '.repeat(width - cellWidth(text));
        return isRight ? gap + text : text + gap;
      });
      return padded.join('  ').trimEnd();
    };
    this.line(this.style('dim', write(header)));
    for (const row of cells) this.line(write(row));
  }

  style(style: keyof typeof styles, text: string): string {
    return this.options.color ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
  }

  /** Code, message and remedy to stderr; as JSON under --json. */
  error(thrown: unknown): void {
    const error = toMitateError(thrown);
    this.problem(error.toJSON());
    if (this.options.json) return;
    if (this.options.verbose) this.note(causes(thrown));
    else if (error.code === 'INTERNAL') this.note('(run with --verbose for a stack trace)');
  }

  /** An error that was recorded earlier. */
  problem(error: { code: string; message: string; remedy: string }): void {
    if (this.options.json) {
      this.note(JSON.stringify({ error }));
      return;
    }
    this.note(`${this.style('red', error.code)}: ${safeLines(error.message)}`);
    this.note(`${this.style('cyan', 'remedy')}: ${safeLines(error.remedy)}`);
  }
}

const safeLines = (text: string) => text.split('\n').map(safeText).join('\n');

function causes(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return safeLines(stack) + (cause ? `\ncaused by ${causes(cause)}` : '');
}
