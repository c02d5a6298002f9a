import { useTexts } from '../../app/texts.ts';
import { To } from '../../parts/to.tsx';
import { When } from '../../parts/when.tsx';
import type { NeedAnswer } from './data.ts';
import { type HomeTexts, homeTexts } from './texts.ts';

/** What waits for a person, the most urgent first, each with the way to it. */
export function Needs({ needs }: { needs: readonly NeedAnswer[] }) {
  const texts = useTexts(homeTexts);
  if (needs.length === 0) return null;
  return (
    <section className="needs" aria-labelledby="needs-title">
      <h2 id="needs-title">{texts.needsTitle}</h2>
      <ul>
        {needs.map((need) => (
          <li key={`${need.kind} ${need.id}`} className={`need need-${need.severity}`}>
            <span className="need-mark" role="img" aria-label={texts.severities[need.severity]} />
            <div className="need-what">
              <p>{titleOf(need, texts)}</p>
              <p className="quiet need-said">
                {need.kind === 'worker' ? texts.needs.workerSaid : need.said}
                {need.since && (
                  <span className="need-since">
                    <When at={need.since} />
                  </span>
                )}
              </p>
            </div>
            <To href={placeOf(need)} className="button">
              {texts.acts[need.kind]}
            </To>
          </li>
        ))}
      </ul>
    </section>
  );
}

function titleOf({ kind, of, id, endpoint, count }: NeedAnswer, { needs }: HomeTexts): string {
  switch (kind) {
    case 'alert':
    case 'approval':
      return needs[kind](of ?? '', endpoint ?? '');
    case 'failed-run':
      return needs[kind](of ?? '');
    case 'trigger':
      return needs.trigger(id ?? '');
    case 'dead-letter':
    case 'review':
      return needs[kind](count);
    case 'worker':
      return needs.worker;
  }
}

function placeOf({ kind, id, endpoint }: NeedAnswer): string {
  switch (kind) {
    case 'alert':
      return `/watch/alerts/${id}`;
    case 'approval':
      return `/service?endpoint=${endpoint}&tab=release`;
    case 'failed-run':
      return `/runs/${id}`;
    case 'trigger':
      return '/watch?tab=triggers';
    case 'review':
      return '/review';
    case 'dead-letter':
    case 'worker':
      return '/watch?tab=health';
  }
}
