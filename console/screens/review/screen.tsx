import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../../src/client/index.ts';
import { useLanguage } from '../../app/choices.ts';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useKeys } from '../../app/keys.ts';
import { useLabelName } from '../../app/label-names.ts';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { waitingQuery } from '../../app/waiting.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { percentText } from '../../parts/numbers.ts';
import { RequestPhoto, requestPhotoAddress } from '../../parts/stored-photo.tsx';
import {
  agreementQuery,
  claim,
  endpointsQuery,
  heatQuery,
  hideOpinion,
  hidesOpinion,
  type Item,
  labelsOf,
} from './data.ts';
import { EmptyQueue } from './empty-queue.tsx';
import { LabelButtons } from './label-buttons.tsx';
import { NewLabelSheet } from './new-label-sheet.tsx';
import { reviewTexts } from './texts.ts';
import './review.css';

const route = getRouteApi('/review');
/** Few ask for it. */
const Heat = lazy(async () => ({ default: (await import('../../parts/heat.tsx')).Heat }));

export function Screen() {
  const texts = useTexts(reviewTexts);
  const { endpoint } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  const { data: count } = useQuery(waitingQuery(endpoint));
  const number = new Intl.NumberFormat(useLanguage());
  return (
    <div className="review">
      <div className="review-top">
        <h1 className="visually-hidden">{texts.title}</h1>
        {endpoints.length > 1 && (
          <Choice
            label={texts.endpoint}
            isLabelHidden
            value={endpoint ?? ''}
            options={[{ value: '', text: texts.every }, ...endpoints.map((value) => ({ value, text: value }))]}
            onChange={(value) => navigate({ to: '/review', search: { endpoint: value === '' ? undefined : value } })}
          />
        )}
        {count !== undefined && <span className="quiet">{texts.waiting(number.format(count))}</span>}
        <Agreement endpoint={endpoint} />
      </div>
      <Queue key={endpoint ?? ''} endpoint={endpoint} endpoints={endpoints} count={count ?? 0} />
    </div>
  );
}

function Agreement({ endpoint }: { endpoint: string | undefined }) {
  const texts = useTexts(reviewTexts);
  const number = new Intl.NumberFormat(useLanguage(), { maximumFractionDigits: 2 });
  const { data: found } = useQuery(agreementQuery(endpoint));
  const measured = found?.find(({ alpha }) => alpha !== null);
  if (!found) return null;
  const { value, low, high } = measured?.alpha ?? {};
  return (
    <span className="review-agreement quiet small" title={texts.agreement}>
      {measured && value !== undefined
        ? texts.agreementSays(
            number.format(value),
            number.format(low ?? value),
            number.format(high ?? value),
            number.format(measured.photos),
          )
        : texts.noAgreement}
    </span>
  );
}

/** What was done to a photo, to be taken back. */
interface Past {
  item: Item;
  /** Null = skipped. */
  label: string | null;
}
const mostPast = 50;

function useQueue(endpoint: string | undefined) {
  const queries = useQueryClient();
  const [items, setItems] = useState<Item[] | null>(null);
  const [past, setPast] = useState<Past[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  /** An answer that was asked for before a photo was done may still name it. */
  const ended = useRef(new Set<string>());
  const refill = async () => {
    const found = await claim(endpoint);
    setItems((before) => {
      const known = before ?? [];
      const have = new Set([...known.map(({ request }) => request), ...ended.current]);
      return [...known, ...found.filter(({ request }) => !have.has(request))];
    });
  };
  const work = async (act: () => Promise<void>) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['review', 'waiting'] });
    }
  };
  const load = () => work(refill);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; another endpoint is another queue
  useEffect(() => {
    void load();
  }, []);
  const [current] = items ?? [];
  const finish = (label: string | null, ask: (item: Item) => Promise<unknown>) =>
    work(async () => {
      if (!current) return;
      try {
        await ask(current);
      } catch (thrown) {
        // somebody else ended it meanwhile
        if (!(thrown instanceof ApiError) || thrown.code !== 'REVIEW_ITEM_UNKNOWN') throw thrown;
      }
      ended.current.add(current.request);
      setPast((before) => [{ item: current, label }, ...before].slice(0, mostPast));
      setItems((before) => (before ?? []).filter(({ request }) => request !== current.request));
      // the next photo is here already: nobody waits for those after it
      if ((items?.length ?? 0) > 1) refill().catch(setError);
      else await refill();
    });
  const undo = () =>
    work(async () => {
      const [last, ...earlier] = past;
      if (!last) return;
      const item = await client.review.undo(last.item.request);
      ended.current.delete(item.request);
      setPast(earlier);
      setItems((before) => [item, ...(before ?? []).filter(({ request }) => request !== item.request)]);
    });
  return { items, past, error, isBusy, load, finish, undo };
}

function Queue(props: { endpoint: string | undefined; endpoints: readonly string[]; count: number }) {
  const { endpoint, endpoints, count } = props;
  const texts = useTexts(reviewTexts);
  const { items, past, error, load, finish, undo } = useQueue(endpoint);
  const [naming, setNaming] = useState(false);
  const [scale, setScale] = useState(1);
  const [isHidden, setHidden] = useState(hidesOpinion);
  const [isHeat, setHeat] = useState(false);
  const [current, ...next] = items ?? [];
  const heat = useQuery({ ...heatQuery(current?.request ?? ''), enabled: isHeat && current !== undefined });
  const labels = current ? labelsOf(current) : [];
  const label = (given: string, newClass = false) =>
    finish(given, ({ request }) => client.review.label(request, { label: given, newClass }));
  const skip = () => finish(null, ({ request }) => client.review.skip(request));
  const toggleOpinion = () => {
    hideOpinion(!isHidden);
    setHidden(!isHidden);
  };
  useKeys({
    ...Object.fromEntries(labels.slice(0, 9).map((each, i) => [String(i + 1), () => label(each)])),
    ...(current && {
      n: () => setNaming(true),
      s: skip,
      o: toggleOpinion,
      h: () => setHeat(!isHeat),
      '+': () => setScale(Math.min(4, scale * 2)),
      '-': () => setScale(Math.max(1, scale / 2)),
    }),
    u: () => (past.length > 0 ? undo() : false),
  });
  const [seen, setSeen] = useState<string>();
  if (current && seen !== current.request) {
    setSeen(current.request);
    setScale(1);
  }
  if (items === null) return error === null ? <Waiting /> : <Fault error={error} retry={load} />;
  return (
    <>
      {current ? (
        <>
          <div className={scale > 1 ? 'review-photo review-photo-large' : 'review-photo'}>
            <section className="review-scroll" tabIndex={scale > 1 ? 0 : undefined} aria-label={texts.zoom}>
              <div className={`review-zoom review-zoom-${scale}`}>
                <RequestPhoto request={current.request} alt={texts.photo(current.request)} />
                {isHeat && heat.data && (
                  <Suspense>
                    <Heat grid={heat.data.grid} />
                  </Suspense>
                )}
              </div>
            </section>
          </div>
          <div className="review-side">
            <h2>{texts.question}</h2>
            <p className="quiet">{texts.reasons[current.reason]}</p>
            {labels.length === 0 && <p className="quiet">{texts.noLabels}</p>}
            <LabelButtons labels={labels} choose={label} />
            <div className="review-acts">
              <Button hotkey="N" onPress={() => setNaming(true)}>
                {texts.newLabel}
              </Button>
              <Button hotkey="S" onPress={skip}>
                {texts.skip}
              </Button>
              <Button hotkey={scale > 1 ? '-' : '+'} onPress={() => setScale(scale > 1 ? 1 : 2)}>
                {scale > 1 ? texts.zoomOut : texts.zoom}
              </Button>
              <Button hotkey="H" pressed={isHeat} pending={heat.isFetching} onPress={() => setHeat(!isHeat)}>
                {texts.heat}
              </Button>
            </div>
            {isHeat && heat.error && <Fault error={heat.error} retry={heat.refetch} />}
            <Opinion item={current} isHidden={isHidden} toggle={toggleOpinion} />
            {error !== null && <Fault error={error} />}
            <PastList past={past} undo={undo} />
          </div>
          <NewLabelSheet
            isOpen={naming}
            close={() => setNaming(false)}
            save={(name) => label(name, !labels.includes(name))}
          />
        </>
      ) : (
        <div className="review-none stack">
          {count > 0 ? (
            <div className="stack">
              <h2>{texts.reserved}</h2>
              <Button onPress={load}>{texts.again}</Button>
            </div>
          ) : (
            <EmptyQueue endpoint={endpoint} endpoints={endpoints} refill={load} />
          )}
          {error !== null && <Fault error={error} retry={load} />}
          <PastList past={past} undo={undo} />
        </div>
      )}
      {next.slice(0, 2).map(({ request }) => (
        <link key={request} rel="prefetch" as="image" href={requestPhotoAddress(request)} />
      ))}
    </>
  );
}

function Opinion({ item, isHidden, toggle }: { item: Item; isHidden: boolean; toggle: () => void }) {
  const texts = useTexts(reviewTexts);
  const [peeked, setPeeked] = useState<string | null>(null);
  const named = useLabelName();
  const isShown = !isHidden || peeked === item.request;
  const ranked = Object.entries(item.probabilities ?? {})
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3);
  return (
    <section className="review-opinion">
      <h3>{texts.opinion}</h3>
      {isShown ? (
        <>
          <ul>
            {ranked.map(([label, share]) => (
              <li key={label} className="review-share">
                <bdi>{named(label)}</bdi>
                <meter min={0} max={1} value={share} aria-label={named(label)} />
                <span>{percentText(share, 0)}</span>
              </li>
            ))}
          </ul>
          {!isHidden && (
            <Button kind="quiet" hotkey="O" onPress={toggle}>
              {texts.hide}
            </Button>
          )}
        </>
      ) : (
        <>
          <p className="quiet small">{texts.hidden}</p>
          <Button
            kind="quiet"
            hotkey="O"
            onPress={() => {
              setPeeked(item.request);
              toggle();
            }}
          >
            {texts.show}
          </Button>
        </>
      )}
    </section>
  );
}

/** The last acts, now with what the model said. */
function PastList({ past, undo }: { past: readonly Past[]; undo: () => Promise<void> }) {
  const texts = useTexts(reviewTexts);
  const may = useMay();
  const [last] = past;
  const named = useLabelName();
  if (!last || !may('label')) return null;
  const { item, label } = last;
  const share = item.probabilities?.[item.label ?? ''] ?? item.probability;
  return (
    <section className="review-past" aria-label={texts.history}>
      <p role="status">
        <bdi>{label === null ? texts.skipped : texts.said(named(label))}</bdi>
        {label !== null && item.label !== null && (
          <span className="quiet">
            {share === null ? named(item.label) : texts.model(named(item.label), percentText(share, 0))}
            <span className="review-verdict">{item.label === label ? texts.same : texts.different}</span>
          </span>
        )}
      </p>
      <Button hotkey="U" onPress={undo}>
        {texts.undo}
      </Button>
    </section>
  );
}
