import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Heat } from '../../parts/heat.tsx';
import { figure, milliseconds } from '../../parts/numbers.ts';
import { PhotoSheet } from '../../parts/photo-sheet.tsx';
import { RequestPhoto } from '../../parts/request-photo.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { When } from '../../parts/when.tsx';
import { answerState } from './answer-state.ts';
import { explanationQuery, type RequestAnswer, requestQuery } from './data.ts';
import { serviceTexts } from './texts.ts';

/** One prediction: its photo, what spoke for the answer, and everything that was logged. */
export function RequestSheet({ id, close }: { id: string; close: () => void }) {
  const texts = useTexts(serviceTexts);
  const { data, error, refetch } = useQuery(requestQuery(id));
  return (
    <PhotoSheet isOpen close={close} title={texts.request.title} picture={data && <Photo request={data} />}>
      {data ? <Inside request={data} /> : error ? <Fault error={error} retry={refetch} /> : <Waiting />}
    </PhotoSheet>
  );
}

function Inside({ request }: { request: RequestAnswer }) {
  const texts = useTexts(serviceTexts);
  const { label, probability, positiveProbability, threshold, errorCode, response, quality } = request;
  const named = useLabelName();
  const leaning = typeof response?.leaning === 'string' ? response.leaning : null;
  const facts: [string, React.ReactNode][] = [
    [texts.request.at, <When key="at" at={request.loggingTime} />],
    [texts.request.version, `${request.modelName}@${request.modelVersion}`],
    [
      texts.request.latency,
      texts.request.latencySaid(
        milliseconds(request.latencyMs),
        milliseconds(request.queueMs),
        milliseconds(request.inferenceMs),
      ),
    ],
    ...(request.outOfDistributionScore === null
      ? []
      : ([[texts.request.distance, texts.request.distanceSaid(figure(request.outOfDistributionScore))]] as [
          string,
          string,
        ][])),
    ...(quality.length === 0
      ? []
      : ([[texts.request.quality, quality.map((each) => texts.request.qualities[each]).join(', ')]] as [
          string,
          string,
        ][])),
    [texts.request.protocol, request.protocol],
    ...(Object.keys(request.attributes).length === 0
      ? []
      : ([
          [
            texts.request.attributes,
            Object.entries(request.attributes)
              .map(([name, value]) => `${name}=${value}`)
              .join(', '),
          ],
        ] as [string, string][])),
    [texts.request.id, <code key="id">{request.publicId}</code>],
    [
      texts.request.lineage,
      <Link key="lineage" to="/lineage" search={{ request: request.publicId }}>
        {texts.request.showLineage}
      </Link>,
    ],
  ];
  return (
    <>
      <Verdict
        state={answerState(request)}
        word={label === null ? texts.failedWith(errorCode ?? '') : named(label)}
        of={named((label === 'uncertain' ? leaning : label) ?? '')}
        share={probability}
        threshold={positiveProbability === probability ? threshold : null}
      />
      {leaning && <p className="quiet">{texts.leaning(named(leaning))}</p>}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="quiet">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Photo({ request }: { request: RequestAnswer }) {
  const texts = useTexts(serviceTexts);
  const may = useMay();
  const [isHeat, setHeat] = useState(false);
  const named = useLabelName();
  const { data, error, isFetching } = useQuery({ ...explanationQuery(request.publicId), enabled: isHeat });
  if (!may('label')) return null;
  if (!request.imageKept) return <p className="quiet">{texts.noPhoto}</p>;
  return (
    <div className="stack">
      <div className="request-picture">
        <RequestPhoto id={request.publicId} isKept alt={texts.photo} isLarge />
        {isHeat && data && <Heat grid={data.grid} />}
      </div>
      {request.label !== null && (
        <Button pending={isHeat && isFetching} pressed={isHeat} onPress={() => setHeat(!isHeat)}>
          {isHeat ? texts.request.heatHide : texts.request.heat}
        </Button>
      )}
      {isHeat && data && <p className="quiet small">{texts.request.heatSaid(named(data.label))}</p>}
      {isHeat && error && <Fault error={error} />}
    </div>
  );
}
