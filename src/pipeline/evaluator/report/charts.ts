import { type Html, html } from '../../../codecs/html.ts';

const size = 260;
const margin = 34;
const place = (x: number, y: number) => [margin + x * size, margin / 2 + (1 - y) * size] as const;

export interface Series {
  /** Both 0..1. */
  points: readonly { x: number; y: number }[];
  dots?: boolean;
}

/** A chart of the unit square, as SVG. */
export function unitChart(options: {
  title: string;
  x: string;
  y: string;
  series: Series;
  /** Draws the diagonal: chance, or perfect calibration. */
  diagonal?: boolean;
  /** The point of the threshold in use. */
  mark?: { x: number; y: number };
}): Html {
  const { title, series, mark } = options;
  const path = series.points
    .map(({ x, y }) =>
      place(x, y)
        .map((n) => n.toFixed(1))
        .join(','),
    )
    .join(' ');
  const [left, top] = place(0, 1);
  const [right, bottom] = place(1, 0);
  return html`<figure><svg viewBox="0 0 ${size + margin + 16} ${size + margin + 16}" role="img" aria-label="${title}">
<rect x="${left}" y="${top}" width="${size}" height="${size}" class="frame"/>
${[0, 0.5, 1].map((tick) => tickMarks(tick))}
${options.diagonal && html`<line x1="${left}" y1="${bottom}" x2="${right}" y2="${top}" class="guess"/>`}
<polyline points="${path}" class="curve"/>
${series.dots && series.points.map(({ x, y }) => dot(x, y, 'dot'))}
${mark && dot(mark.x, mark.y, 'mark')}
<text x="${left + size / 2}" y="${bottom + 30}" text-anchor="middle">${options.x}</text>
<text x="10" y="${top + size / 2}" text-anchor="middle" transform="rotate(-90 10 ${top + size / 2})">${options.y}</text>
</svg><figcaption>${title}</figcaption></figure>`;
}

function tickMarks(tick: number): Html {
  const [x, bottom] = place(tick, 0);
  const [left, y] = place(0, tick);
  return html`<text x="${x}" y="${bottom + 13}" text-anchor="middle" class="tick">${tick}</text>
<text x="${left - 4}" y="${y + 4}" text-anchor="end" class="tick">${tick}</text>`;
}

function dot(x: number, y: number, style: string): Html {
  const [cx, cy] = place(x, y);
  return html`<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${style === 'mark' ? 5 : 3}" class="${style}"/>`;
}
