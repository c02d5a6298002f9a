import { type Html, html } from '../../../codecs/html.ts';
import type { Behaviour } from '../../../contracts/loop/behaviour.ts';
import { decisionText, perRequestText, rateText } from '../../feedback/behaviour-text.ts';
import type { Report } from '../report.ts';
import { count, table } from './table.ts';

/** What users did with the predictions, and what those were worth. */
export function businessSection({ business }: Report): Html {
  const seen = business.filter(({ sessions }) => sessions > 0);
  if (seen.length === 0)
    return html`<h2>Business</h2><p class="none">No events: send what users do with predictions, and what those are worth, as feedback.</p>`;
  return html`<h2>Business</h2><h3>From prediction to outcome</h3>${funnel(seen)}
<p>Shares of the photos answered, of those with a user event (accepted), and of those with an outcome (helped).</p>
<h3>Decisions of users</h3>${decisions(seen)}<h3>Value</h3>${values(seen)}
<p>Intervals are 95 %, over sessions. Currencies are never added.</p>`;
}

const arm = ['endpoint', 'version', 'role'];
const armOf = ({ endpoint, model, role }: Behaviour) => [endpoint, model, role];

function funnel(business: readonly Behaviour[]): Html {
  const rows = business.map((each) => {
    const { funnel, rates, helped } = each;
    const stages = [funnel.seen, rates.decided, rates.accepted, funnel.acted, funnel.reported, helped];
    return [
      ...armOf(each),
      count(each.answered),
      ...stages.map(({ count: photos, share }) => withShare(photos, share)),
    ];
  });
  const columns = ['#answered', '#seen', '#decided', '#accepted', '#acted on', '#outcome known', '#helped'];
  return table([...arm, ...columns], rows);
}

const withShare = (photos: number, share: number | null) =>
  share === null ? count(photos) : `${count(photos)} (${(100 * share).toFixed(1)} %)`;

function decisions(business: readonly Behaviour[]): Html {
  const rows = business.map((each) => {
    const { accepted, overridden, retaken, abandoned } = each.rates;
    const shares = [accepted, overridden, retaken, abandoned, each.helped].map(rateText);
    return [...armOf(each), count(each.sessions), ...shares, decisionText(each)];
  });
  const columns = ['#sessions', 'accepted', 'overridden', 'retaken', 'abandoned', 'helped', 'time to decision'];
  return table([...arm, ...columns], rows);
}

function values(business: readonly Behaviour[]): Html {
  const rows = business.flatMap((each) =>
    each.values.map((value) => {
      const { currency, events, sum } = value;
      return [...armOf(each), currency ?? 'no currency', count(events), sum.toFixed(2), perRequestText(value)];
    }),
  );
  const columns = ['currency', '#events', '#sum', 'per request'];
  return table([...arm, ...columns], rows, 'No business event has a value.');
}
