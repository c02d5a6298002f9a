import type { ConfigSources } from './sources.ts';

export interface Terminal {
  color: boolean;
  /** Redrawn progress bars; else plain lines. */
  interactive: boolean;
}

/** Colour and bars only on a terminal; `NO_COLOR` (no-color.org), `--no-color`, `CI` and `TERM=dumb` disable them. */
export function resolveTerminal({ flags, env, isTty }: ConfigSources): Terminal {
  const interactive = isTty && !env.CI && env.TERM !== 'dumb';
  return { color: interactive && !env.NO_COLOR && flags.color !== false, interactive };
}
