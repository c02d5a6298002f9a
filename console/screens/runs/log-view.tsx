import { useQueries, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useTexts } from '../../app/texts.ts';
import { Choice } from '../../parts/choice.tsx';
import { CheckField } from '../../parts/field.tsx';
import { countText } from './amounts.ts';
import { type Level, type LogLine, levels, logEndQuery, logPageQuery, pageLines } from './data.ts';
import { runTexts } from './texts.ts';
import './log-view.css';

/** Pixels. */
const rowHeight = 20;

/** The log of a step: only the rows in view are in the page, only their part of the file is asked for. */
export function LogView(props: { run: string; step: string; level: Level; setLevel: (level: Level) => void }) {
  const { run, step, level, setLevel } = props;
  const texts = useTexts(runTexts);
  const { data: end, error, refetch } = useQuery(logEndQuery(run, step, level));
  const [follows, setFollows] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const total = end?.total ?? 0;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const pages = [...new Set(shown.map(({ index }) => Math.floor(index / pageLines)))];
  const asked = useQueries({
    queries: pages.map((page) => {
      const isWhole = (page + 1) * pageLines <= total;
      return {
        ...logPageQuery(run, step, level, page, isWhole),
        refetchInterval: isWhole || !end?.isOpen ? false : 1_500,
      } as const;
    }),
  });
  const lines = new Map<number, LogLine>();
  for (const { data } of asked) for (const line of data?.lines ?? []) lines.set(line.line, line);
  const isFollowing = follows && end?.isOpen === true;
  useEffect(() => {
    if (isFollowing && total > 0) rows.scrollToIndex(total - 1);
  }, [isFollowing, total, rows]);
  if (error) return <Fault error={error} retry={refetch} />;
  return (
    <div className="log">
      <div className="log-head">
        <strong>{texts.log}</strong>
        <span className="quiet">{texts.lines(countText(total))}</span>
        <Choice
          label={texts.level}
          isLabelHidden
          value={level}
          options={levels.map((value) => ({ value, text: texts.levels[value] }))}
          onChange={setLevel}
        />
        {end?.isOpen && (
          <CheckField label={texts.follow} checked={follows} onChange={({ target }) => setFollows(target.checked)} />
        )}
      </div>
      {total === 0 ? (
        <p className="quiet">{texts.noLines}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by the arrow keys
        <div className="log-box" ref={box} tabIndex={0} role="log" aria-live="off" aria-label={`${texts.log}: ${step}`}>
          <div className="log-whole" style={{ height: rows.getTotalSize() }}>
            {shown.map(({ index, start }) => (
              <Line key={index} number={index + 1} top={start} line={lines.get(index + 1)} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

function Line({ number, top, line }: { number: number; top: number; line: LogLine | undefined }) {
  const fields = line && Object.keys(line.fields).length > 0 ? JSON.stringify(line.fields) : '';
  return (
    <div className={`log-line log-${line?.level ?? 'info'}`} style={{ transform: `translateY(${top}px)` }}>
      <span className="log-number">{number}</span>
      <span className="log-time">{line?.time.slice(11, 19)}</span>
      <span className="log-text" title={line ? `${line.message} ${fields}` : undefined}>
        {line?.message} <span className="quiet">{fields}</span>
      </span>
    </div>
  );
}
