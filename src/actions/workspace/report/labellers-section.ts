import { type Html, html } from '../../../codecs/html.ts';
import { accuracyText, agreementRows } from '../../review/labellers-text.ts';
import type { Report } from '../report.ts';
import { count, table } from './table.ts';

export function labellersSection({ labels: { agreement, labellers } }: Report): Html {
  const agreed = table(
    ['endpoint', 'of', '#photos', '#agreed', "Krippendorff's alpha"],
    agreementRows(agreement).map((row) => row.map((cell) => cell ?? '–')),
    'No photo was labelled by two labellers: set "opinions" in the review settings of the endpoint.',
  );
  const accuracy = table(
    ['labeller', 'source', '#labelled', '#checked', '#right', 'accuracy'],
    labellers.map((each) => {
      const { labeller, source, labelled, checked, right } = each;
      return [labeller, source, count(labelled), count(checked), count(right), accuracyText(each.accuracy) ?? '–'];
    }),
    'No labels.',
  );
  return html`<h2>Labellers</h2><h3>Agreement</h3>${agreed}
<p>1 = all agree, 0 = as by chance. Intervals are 95 %, over photos.</p>
<h3>Accuracy</h3>${accuracy}<p>On photos that somebody else adjudicated, and golden photos that were predicted again.</p>`;
}
