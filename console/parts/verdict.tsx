import { useLanguage } from '../app/choices.ts';
import './verdict.css';

/** `well`, `ill` and `unsure` are the three states of a question; `other`: a class of a model that has no good and bad. */
export type VerdictState = 'well' | 'ill' | 'unsure' | 'other';

/** Which state an answer is in: the positive label of a question is the bad one. */
export function stateOf(answer: { label: string | null; uncertain: boolean }, positive: string | null): VerdictState {
  if (answer.uncertain || answer.label === 'uncertain') return 'unsure';
  if (positive === null || answer.label === null) return 'other';
  return answer.label === positive ? 'ill' : 'well';
}

/** Shape, word and colour: prints in one colour, and is read out as its word. */
export function VerdictMark({ state, children }: { state: VerdictState; children: React.ReactNode }) {
  return <span className={`verdict-mark verdict-${state}`}>{children}</span>;
}

/** Two decimals, never 100.00 % of what is not certain. */
export function usePercent(): (share: number, digits?: number) => string {
  const language = useLanguage();
  return (share, digits = 2) => {
    const most = 1 - 0.5 * 10 ** -(digits + 2);
    const shown = share > most && share < 1 ? 1 - 10 ** -(digits + 2) : share;
    const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return `${new Intl.NumberFormat(language, format).format(100 * shown)} %`;
  };
}

export interface Band {
  low: number;
  high: number;
}

/** The answer, as large as a page has once. @param share P of the positive label, or of the predicted class, 0..1 */
export function Verdict(props: {
  state: VerdictState;
  word: string;
  /** What the number is of: "94.75 % unwell". */
  of: string;
  share: number | null;
  band?: Band | null | undefined;
  threshold?: number | null | undefined;
  isLarge?: boolean;
}) {
  const { state, word, of, share, band, threshold, isLarge = false } = props;
  const percent = usePercent();
  return (
    <div className={isLarge ? 'verdict verdict-large' : 'verdict'}>
      <p className="verdict-word">
        <VerdictMark state={state}>{word}</VerdictMark>
      </p>
      {share !== null && (
        <>
          <p className="verdict-share">
            {percent(share)} <span className="quiet">{of}</span>
          </p>
          <ShareMeter share={share} label={`${percent(share)} ${of}`} band={band} threshold={threshold} state={state} />
        </>
      )}
    </div>
  );
}

/** From 0 to 1, with the band in which the model does not decide. */
export function ShareMeter(props: {
  share: number;
  label: string;
  band?: Band | null | undefined;
  threshold?: number | null | undefined;
  state: VerdictState;
}) {
  const { share, label, band, threshold, state } = props;
  return (
    <svg
      className={`share-meter share-meter-${state}`}
      viewBox="0 0 1000 24"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line className="share-meter-axis" x1="0" x2="1000" y1="12" y2="12" />
      {band && (
        <rect
          className="share-meter-band"
          x={1000 * band.low}
          y="4"
          width={1000 * (band.high - band.low)}
          height="16"
        />
      )}
      {!band && threshold !== null && threshold !== undefined && (
        <line className="share-meter-threshold" x1={1000 * threshold} x2={1000 * threshold} y1="2" y2="22" />
      )}
      <rect className="share-meter-value" x="0" y="9" width={1000 * share} height="6" />
      <rect className="share-meter-end" x={Math.min(994, Math.max(0, 1000 * share - 3))} y="0" width="6" height="24" />
    </svg>
  );
}
