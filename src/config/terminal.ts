import type { ConfigSources } from './sources.ts';

export interface Terminal {
  color: boolean;
  /** Bars that redraw; else plain lines. */
  interactive: boolean;
}

/** Colour and bars on a terminal only; `NO_COLOR` (no-color.org), `--no-color`, `CI` and `TERM=dumb` turn them off. */
export function resolveTerminal({ flags, env, isTty }: ConfigSources): Terminal {
  const interactive = isTty && !env.CI && env.TERM !== 'dumb';
  return { color: interactive && !env.NO_COLOR && flags.color !== false, interactive };
}
