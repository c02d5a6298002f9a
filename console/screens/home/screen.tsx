import { useQuery } from '@tanstack/react-query';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { overviewQuery } from '../../parts/overview-query.ts';
import type { OverviewAnswer } from './data.ts';
import { FirstSteps } from './first-steps.tsx';
import { Needs } from './needs.tsx';
import { Ring } from './ring.tsx';
import { homeTexts } from './texts.ts';
import './home.css';

export function Screen() {
  const texts = useTexts(homeTexts);
  const { data, error, refetch } = useQuery(overviewQuery);
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  return (
    <div className="home">
      <h1 className="visually-hidden">{texts.title}</h1>
      {error && <Fault error={error} retry={refetch} />}
      {isEmpty(data) ? (
        <FirstSteps />
      ) : (
        <>
          <Ring overview={data} />
          <Needs needs={data.needs} />
        </>
      )}
    </div>
  );
}

const isEmpty = ({ stations: { photos, training, evaluation, service, requests } }: OverviewAnswer) =>
  photos.dataSets + training.running + training.queued + evaluation.versions + service.endpoints + requests.photos ===
    0 && training.last === null;
