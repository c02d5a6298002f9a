import { fraction, oneOf, text, whole } from '../../app/search.ts';
import { type Span, spans } from './data.ts';
import { type ServiceTab, serviceTabs } from './tabs.ts';

export const unusuals = ['uncertain', 'unlike', 'quality', 'error'] as const;
export const verdicts = ['right', 'wrong', 'none'] as const;

export interface ServiceSearch {
  endpoint?: string | undefined;
  tab?: ServiceTab | undefined;
  span?: Span | undefined;
  unusual?: (typeof unusuals)[number] | undefined;
  verdict?: (typeof verdicts)[number] | undefined;
  label?: string | undefined;
  version?: number | undefined;
  from?: number | undefined;
  to?: number | undefined;
  attribute?: string | undefined;
  /** The prediction whose sheet is open. */
  request?: string | undefined;
}

export const readServiceSearch = (raw: Record<string, unknown>): ServiceSearch => ({
  endpoint: text(raw.endpoint),
  tab: oneOf(raw.tab, serviceTabs),
  span: oneOf(raw.span, Object.keys(spans) as Span[]),
  unusual: oneOf(raw.unusual, unusuals),
  verdict: oneOf(raw.verdict, verdicts),
  label: text(raw.label),
  version: whole(raw.version) || undefined,
  from: fraction(raw.from),
  to: fraction(raw.to),
  attribute: text(raw.attribute),
  request: text(raw.request),
});
