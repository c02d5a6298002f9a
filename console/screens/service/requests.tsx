import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { TextField } from '../../parts/field.tsx';
import { milliseconds, whole } from '../../parts/numbers.ts';
import { RequestPhoto } from '../../parts/request-photo.tsx';
import { usePercent, VerdictMark } from '../../parts/verdict.tsx';
import { When } from '../../parts/when.tsx';
import { answerState } from './answer-state.ts';
import { countQuery, type RequestAnswer, type RequestFilter, requestsQuery } from './data.ts';
import { RequestSheet } from './request-sheet.tsx';
import { type ServiceSearch, unusuals, verdicts } from './search.ts';
import { serviceTexts } from './texts.ts';

const route = getRouteApi('/service');

/** The request log of the endpoint, by what is unusual about an answer. */
export function Requests({ endpoint }: { endpoint: string }) {
  const texts = useTexts(serviceTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = filterOf(search);
  const list = useInfiniteQuery(requestsQuery(endpoint, filter));
  const count = useQuery(countQuery(endpoint, filter));
  const items = list.data?.pages.flatMap((page) => page.items);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div className="requests">
      <Filters />
      <p className="quiet" role="status">
        {count.data && texts.found(`${whole(count.data.count)}${count.data.isMore ? '+' : ''}`)}
      </p>
      {list.error && <Fault error={list.error} retry={list.refetch} />}
      {!items && !list.error && <Waiting />}
      {items?.length === 0 && <p>{isFiltered ? texts.noneFound : texts.noneLogged}</p>}
      <ul className="request-list">
        {items?.map((item) => (
          <li key={item.publicId}>
            <button
              type="button"
              className="list-row request-row"
              onClick={() => navigate({ to: '/service', search: { ...search, request: item.publicId } })}
            >
              <Row item={item} />
            </button>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button pending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {texts.more}
        </Button>
      )}
      {search.request && (
        <RequestSheet
          id={search.request}
          close={() => navigate({ to: '/service', search: { ...search, request: undefined } })}
        />
      )}
    </div>
  );
}

function Row({ item }: { item: RequestAnswer }) {
  const texts = useTexts(serviceTexts);
  const percent = usePercent();
  const { publicId, imageKept, label, probability, errorCode, quality, outOfDistribution } = item;
  const named = useLabelName();
  const hints = [
    ...(outOfDistribution ? [texts.figures.unlike] : []),
    ...quality.map((each) => texts.request.qualities[each]),
  ];
  return (
    <>
      <RequestPhoto id={publicId} isKept={imageKept} alt="" />
      <span className="request-answer">
        <span className="request-label">
          <VerdictMark state={answerState(item)}>
            {label === null ? texts.failedWith(errorCode ?? '') : named(label)}
          </VerdictMark>
          {probability !== null && <span className="quiet">{percent(probability)}</span>}
        </span>
        <span className="quiet small">{hints.join(', ')}</span>
      </span>
      <span className="request-facts quiet small">
        <span>
          {`${item.modelName}@${item.modelVersion}`}
          {item.role !== 'stable' && ` ${texts.roles[item.role]}`}
        </span>
        <span>{milliseconds(item.latencyMs)}</span>
        <When at={item.loggingTime} />
      </span>
    </>
  );
}

function filterOf({ unusual, verdict, label, version, from, to, attribute }: ServiceSearch): RequestFilter {
  const all: RequestFilter = {
    ...(unusual === 'uncertain' && { uncertain: 'true' }),
    ...(unusual === 'unlike' && { unlike: 'true' }),
    ...(unusual === 'quality' && { quality: 'any' as const }),
    ...(unusual === 'error' && { error: 'any' }),
    ...(verdict && { verdict }),
    ...(label && { label }),
    ...(version && { version }),
    ...(from !== undefined && { minScore: from }),
    ...(to !== undefined && { maxScore: to }),
    ...(attribute?.includes('=') && { attribute }),
  };
  return all;
}

function Filters() {
  const { filter: texts } = useTexts(serviceTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Partial<ServiceSearch>) =>
    navigate({ to: '/service', search: { ...search, ...change }, replace: true });
  const none = {
    unusual: undefined,
    verdict: undefined,
    label: undefined,
    version: undefined,
    from: undefined,
    to: undefined,
    attribute: undefined,
  };
  const isSet = Object.keys(none).some((name) => search[name as keyof typeof none] !== undefined);
  return (
    <search className="filters">
      <Choice
        label={texts.unusual}
        value={search.unusual ?? 'all'}
        options={[{ value: 'all', text: texts.all }, ...unusuals.map((value) => ({ value, text: texts[value] }))]}
        onChange={(value) => set({ unusual: value === 'all' ? undefined : (value as ServiceSearch['unusual']) })}
      />
      <Choice
        label={texts.verdict}
        value={search.verdict ?? 'all'}
        options={[
          { value: 'all', text: texts.all },
          ...verdicts.map((value) => ({ value, text: texts.verdicts[value] })),
        ]}
        onChange={(value) => set({ verdict: value === 'all' ? undefined : (value as ServiceSearch['verdict']) })}
      />
      <Late label={texts.label} value={search.label ?? ''} onChange={(value) => set({ label: value || undefined })} />
      <Late
        label={texts.version}
        type="number"
        min={1}
        value={search.version === undefined ? '' : String(search.version)}
        onChange={(value) => set({ version: Number(value) || undefined })}
      />
      <Late
        label={texts.score}
        type="number"
        min={0}
        max={1}
        step={0.05}
        value={search.from === undefined ? '' : String(search.from)}
        onChange={(value) => set({ from: value === '' ? undefined : Number(value) })}
      />
      <Late
        label={texts.to}
        type="number"
        min={0}
        max={1}
        step={0.05}
        value={search.to === undefined ? '' : String(search.to)}
        onChange={(value) => set({ to: value === '' ? undefined : Number(value) })}
      />
      <Late
        label={texts.attribute}
        placeholder={texts.attributeHint}
        value={search.attribute ?? ''}
        onChange={(value) => set({ attribute: value || undefined })}
      />
      {isSet && (
        <Button kind="quiet" onPress={() => void set(none)}>
          {texts.clear}
        </Button>
      )}
    </search>
  );
}

/** Takes effect when the field is left, or on Enter. */
function Late(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: string;
  min?: number;
  max?: number;
  step?: number;
  placeholder?: string;
}) {
  const { value, onChange, ...field } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    if (typed !== null && typed !== value) onChange(typed.trim());
    setTyped(null);
  };
  return (
    <TextField
      {...field}
      value={typed ?? value}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => key === 'Enter' && commit()}
    />
  );
}
