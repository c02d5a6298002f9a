import { useTexts } from '../../app/texts.ts';
import { percentText, short } from '../../parts/numbers.ts';
import { To } from '../../parts/to.tsx';
import type { OverviewAnswer, Stations } from './data.ts';
import { type HomeTexts, homeTexts } from './texts.ts';

type StationId = keyof Stations;

interface Station {
  id: StationId;
  number: string;
  said: string;
  /** What went on to the next station in the last 24 hours. */
  flow: number;
  /** Needs a look: a filled square beside the name. */
  isMarked?: boolean;
  to: string;
}

/** The loop as eight stations, clockwise; an arrow is the thicker the more went along it. */
export function Ring({ overview: { stations, needs } }: { overview: OverviewAnswer }) {
  const texts = useTexts(homeTexts);
  const asking = needs.filter(({ severity }) => severity !== 'notice').length;
  return (
    <section className="ring" aria-label={texts.loop}>
      <ol className="ring-list">
        {stationsOf(stations, texts).map(({ id, number, said, flow, isMarked, to }) => (
          <li key={id} className={`ring-station ring-${id}`}>
            <To href={to} className="ring-link">
              <span className="ring-name">
                {isMarked && <span className="ring-mark" aria-hidden="true" />}
                {texts.stations[id]}
              </span>
              <span className="ring-number">{number}</span>
              <span className="ring-said">{said}</span>
            </To>
            <span className={`ring-arrow ring-flow-${flowLevel(flow)}`} aria-hidden="true" />
          </li>
        ))}
      </ol>
      <p className="ring-middle">
        <strong>{asking === 0 ? texts.calm : texts.asked(asking)}</strong>
        <span className="quiet small">{texts.lastDay}</span>
      </p>
    </section>
  );
}

/** 0 nothing, then by powers of ten. */
const flowLevel = (flow: number) => (flow === 0 ? 0 : Math.min(4, 1 + Math.floor(Math.log10(flow))));

function stationsOf(s: Stations, texts: HomeTexts): Station[] {
  const { newest } = s.evaluation;
  const uncertain = s.requests.photos > 0 ? percentText(s.requests.uncertain / s.requests.photos) : '';
  const ended = s.training.succeeded + s.training.failed;
  return [
    {
      id: 'photos',
      number: s.photos.photos === null ? '–' : short(s.photos.photos),
      said: s.photos.dataSets === 0 ? texts.noPhotos : texts.photos(s.photos.dataSets, s.photos.newPhotos),
      flow: ended + s.training.running,
      to: '/photos',
    },
    {
      id: 'training',
      number: String(s.training.running > 0 ? s.training.running : ended),
      said:
        s.training.failed > 0
          ? texts.trainingFailed(s.training.failed)
          : texts.training(s.training.running, s.training.queued),
      flow: s.evaluation.newVersions,
      isMarked: s.training.last?.state === 'failed',
      to: '/runs',
    },
    {
      id: 'evaluation',
      number: newest === null ? '–' : newest.accuracy === null ? `v${newest.version}` : percentText(newest.accuracy),
      said: newest === null ? texts.noVersion : texts.evaluation(s.evaluation.blessed, s.evaluation.versions),
      flow: s.service.changes,
      isMarked: newest !== null && !newest.blessed,
      to: '/models',
    },
    {
      id: 'service',
      number: s.service.stable === null ? String(s.service.answering) : `v${s.service.stable.split('@').at(-1)}`,
      said:
        s.service.answering === 0
          ? texts.noEndpoint
          : s.service.promotions > 0
            ? texts.promotions(s.service.promotions)
            : texts.service(s.service.answering, s.service.endpoints),
      flow: s.requests.photos,
      isMarked: s.service.answering < s.service.endpoints,
      to: '/service',
    },
    {
      id: 'requests',
      number: short(s.requests.photos),
      said: s.requests.photos === 0 ? texts.noRequests : texts.requests(uncertain, s.requests.failed),
      flow: s.feedback.labels + s.feedback.events,
      isMarked: s.requests.failed > 0,
      to: '/service',
    },
    {
      id: 'feedback',
      number: short(s.feedback.labels),
      said: texts.feedback(s.feedback.waiting),
      flow: s.monitors.results,
      to: '/review',
    },
    {
      id: 'monitors',
      number: String(s.monitors.alerts),
      said: texts.monitors(s.monitors.monitors, s.monitors.results),
      flow: s.monitors.opened,
      isMarked: s.monitors.alerts > 0,
      to: '/watch',
    },
    {
      id: 'triggers',
      number: String(s.triggers.fired),
      said: texts.triggers(s.triggers.enabled),
      flow: s.triggers.fired,
      to: '/watch?tab=triggers',
    },
  ];
}
