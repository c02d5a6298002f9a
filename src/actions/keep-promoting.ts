import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/component.ts';
import { toMitateError } from '../errors/index.ts';
import type { OpenStore } from '../store/open-store.ts';

/** A breach is answered within 10 s, of which looking takes at most these. */
const everyMs = 2_000;

export interface Promoting extends AsyncDisposable {
  /** Under way in this process, by promotion. */
  replays: Map<string, Promise<void>>;
}

/** Looks at the active promotions every 2 s, one look at a time; what it costs while there are none is one short query. */
export function keepPromoting(config: Config, store: OpenStore, logger: Logger): Promoting {
  const replays = new Map<string, Promise<void>>();
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look(config, store, logger, replays).finally(() => {
      looking = undefined;
    });
  }, everyMs);
  return {
    replays,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
      await Promise.allSettled(replays.values());
    },
  };
}

async function look(config: Config, store: OpenStore, logger: Logger, replays: Map<string, Promise<void>>) {
  try {
    if ((await store.promotions.listActive()).length === 0) return;
    const { advancePromotions } = await import('./promotion-advance.ts');
    await advancePromotions(config, store, { now: new Date(), logger, background: replays });
  } catch (thrown) {
    const { code, message } = toMitateError(thrown);
    logger.error('promotions could not be looked at', { code, reason: message });
  }
}
