import { type Html, html } from '../../../codecs/html.ts';
import type { Report } from '../report.ts';
import { table } from './table.ts';

/** Evidence and claims apart: a claim is never counted. */
export function maturitySection({ maturity }: Report): Html {
  const levels = ['L1', 'L2'].map((level) => {
    const all = maturity.filter(({ id }) => id.startsWith(`${level}.`));
    return `level ${level.slice(1)}: ${all.filter(({ holds }) => holds).length} of ${all.length}`;
  });
  const claimed = maturity.filter(({ claim }) => claim !== null).length;
  return html`<h2>Maturity</h2><p>Checks of Google’s MLOps levels with evidence: ${levels.join(', ')}. Only claimed: ${claimed}.</p>${table(
    ['check', 'requirement', 'state', 'evidence or claim'],
    maturity.map(({ id, title, holds, evidence, claim }) => [
      id,
      title,
      html`<span class="${holds ? 'good' : ''}">${holds ? 'met' : claim === null ? 'missing' : 'claimed'}</span>`,
      evidence ?? claim ?? '–',
    ]),
  )}`;
}
