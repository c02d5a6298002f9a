import type { BackgroundSteps } from '../actions/promotions/advance.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import { toMitateError } from '../errors/index.ts';
import type { OpenStore } from '../store/open-store.ts';

/** A breach is answered within 10 s, of which looking takes at most these. */
const everyMs = 2_000;

/** Looks at the active promotions every 2 s; what it costs while there are none is one short query. */
export function keepPromoting(config: Config, store: OpenStore, logger: Logger): BackgroundSteps & AsyncDisposable {
  const stop = new AbortController();
  const background: BackgroundSteps = { promotions: new Map(), signal: stop.signal };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look(config, store, logger, background).finally(() => {
      looking = undefined;
    });
  }, everyMs);
  return {
    ...background,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stop.abort();
      await looking;
      await Promise.all(background.promotions.values());
    },
  };
}

async function look(config: Config, store: OpenStore, logger: Logger, background: BackgroundSteps) {
  try {
    if ((await store.promotions.listActive()).length === 0) return;
    const { advancePromotions } = await import('../actions/promotions/advance.ts');
    await advancePromotions(config, store, { now: new Date(), logger, background });
  } catch (thrown) {
    const { code, message } = toMitateError(thrown);
    logger.error('promotions could not be looked at', { code, reason: message });
  }
}
