import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useKeys } from '../../app/keys.ts';
import { useLabelName } from '../../app/label-names.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { percentText } from '../../parts/numbers.ts';
import { StoredPhoto } from '../../parts/stored-photo.tsx';
import { TabRow } from '../../parts/tab-row.tsx';
import { countText } from '../runs/amounts.ts';
import {
  type ComparedPhoto,
  comparedQuery,
  explanationQuery,
  type PhotoGroup,
  photoGroups,
  type Version,
} from './data.ts';
import { HeatSwipe } from './heat-swipe.tsx';
import { modelTexts } from './texts.ts';
import './compare-tab.css';

interface CompareTabProps {
  version: Version;
  others: readonly Version[];
  against: number | undefined;
  group: PhotoGroup;
  photo: string | undefined;
  show: (changed: { against?: number; group?: PhotoGroup; photo?: string | undefined }) => void;
}

/** Two versions, photo by photo. */
export function CompareTab({ version, others, against, group, photo, show }: CompareTabProps) {
  const texts = useTexts(modelTexts);
  const other = others.find((each) => each.version === against) ?? others.find(isChampion) ?? others[0];
  if (!other) return <p>{texts.chooseAgainst}</p>;
  return (
    <div className="stack">
      <Choice
        label={texts.against}
        value={String(other.version)}
        options={others.map((each) => ({
          value: String(each.version),
          text: [`@${each.version}`, ...each.aliases].join(' · '),
        }))}
        onChange={(value) => show({ against: Number(value), photo: undefined })}
      />
      <Photos first={nameOf(version)} second={nameOf(other)} group={group} photo={photo} show={show} />
    </div>
  );
}

const nameOf = ({ name, version }: Version) => `${name}@${version}`;
const isChampion = ({ aliases }: Version) => aliases.includes('champion');

interface PhotosProps extends Pick<CompareTabProps, 'group' | 'photo' | 'show'> {
  first: string;
  second: string;
}

function Photos({ first, second, group, photo, show }: PhotosProps) {
  const texts = useTexts(modelTexts);
  const named = useLabelName();
  const asked = useInfiniteQuery(comparedQuery(first, second, group));
  const { data, error, refetch, hasNextPage, fetchNextPage } = asked;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const at = Math.max(
    0,
    items.findIndex(({ sha256 }) => sha256 === photo),
  );
  const go = (to: number) => {
    const next = items[to];
    if (!next) return false;
    show({ photo: next.sha256 });
    return true;
  };
  useKeys({ n: () => go(at + 1), p: () => go(at - 1) });
  if (error) return <Fault error={error} retry={refetch} />;
  const [page] = data?.pages ?? [];
  if (!page) return <Waiting />;
  if (page.why !== null) return <p>{texts.cannot[page.why]}</p>;
  const text = (each: PhotoGroup) =>
    each === 'first-only'
      ? texts.groups[each](short(first))
      : each === 'second-only'
        ? texts.groups[each](short(second))
        : texts.groups[each];
  const leftOut = Object.values(page.leftOut).reduce((sum, count) => sum + count, 0);
  const shown = items[at];
  return (
    <>
      <TabRow
        label={texts.view}
        value={group}
        tabs={photoGroups.map((value) => ({ value, text: text(value), count: page.counts[value] }))}
        onChange={(value) => show({ group: value, photo: undefined })}
      />
      {leftOut > 0 && <p className="quiet small">{texts.leftOut(countText(leftOut))}</p>}
      {shown ? (
        <div className="sides">
          <Side key={shown.sha256} photo={shown} data={page.examples} first={first} second={second}>
            <Button kind="quiet" hotkey="P" onPress={() => void go(at - 1)}>
              {texts.previous}
            </Button>
            <span>{texts.of(countText(at + 1), countText(page.counts[group] ?? 0))}</span>
            <Button kind="quiet" hotkey="N" onPress={() => void go(at + 1)}>
              {texts.next}
            </Button>
          </Side>
          <div className="stack">
            <ul className="sides-list">
              {items.map((each, i) => (
                <li key={each.sha256}>
                  <button
                    type="button"
                    className="sides-tile"
                    aria-pressed={i === at}
                    aria-label={`${each.filename}, ${texts.isLabel(named(each.label))}`}
                    onClick={() => go(i)}
                  >
                    <StoredPhoto sha256={each.sha256} data={page.examples} size={160} alt="" />
                  </button>
                </li>
              ))}
            </ul>
            {hasNextPage && <Button onPress={() => fetchNextPage()}>{texts.more}</Button>}
          </div>
        </div>
      ) : (
        <p className="quiet">{texts.noPhotos}</p>
      )}
    </>
  );
}

const short = (reference: string) => reference.slice(reference.lastIndexOf('@'));

interface SideProps {
  photo: ComparedPhoto;
  data: string;
  first: string;
  second: string;
  /** Ways to the next photo. */
  children: ReactNode;
}

function Side({ photo, data, first, second, children }: SideProps) {
  const texts = useTexts(modelTexts);
  const named = useLabelName();
  const left = useQuery(explanationQuery(first, photo.sha256));
  const right = useQuery(explanationQuery(second, photo.sha256));
  const error = left.error ?? right.error;
  return (
    <figure className="side">
      <div className="side-way">{children}</div>
      <HeatSwipe
        photo={photo.sha256}
        data={data}
        left={left.data ?? null}
        right={right.data ?? null}
        names={[first, second]}
        isWaiting={left.isPending || right.isPending}
      />
      {error && <Fault error={error} />}
      <figcaption className="side-answers">
        {[first, second].map((model, i) => {
          const { answer, probability, isRight } = photo.answers[i]!;
          return (
            <div key={model}>
              <strong>{model}</strong>
              <span>{texts.answered(named(answer), percentText(probability))}</span>
              <span className={isRight ? 'side-right' : 'side-wrong'}>{isRight ? texts.right : texts.wrong}</span>
            </div>
          );
        })}
        <p className="quiet">
          {texts.isLabel(named(photo.label))} <span className="mono">{photo.filename}</span>
        </p>
      </figcaption>
    </figure>
  );
}
