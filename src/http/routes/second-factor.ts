import { type CodeTries, confirmTotp, disableTotp, setUpTotp } from '../../actions/access/totp.ts';
import { MitateError } from '../../errors/index.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { isSelf, requireSelf, requireServerAdmin } from '../principal.ts';

export type SecondFactorRoute = 'users.setUpTotp' | 'users.confirmTotp' | 'users.disableTotp';

export function secondFactorHandlers({ sessions }: ApiContext, codes: CodeTries): Handlers<SecondFactorRoute> {
  return {
    'users.setUpTotp': async ({ store, params: { name }, principal, actor }) => {
      requireSelf(principal, name);
      return await setUpTotp(store, name, 'begun', actor);
    },
    'users.confirmTotp': async ({ store, params: { name }, body, principal, actor }) => {
      requireSelf(principal, name);
      await confirmTotp(store, name, body.code, { codes, now: sessions.now() }, actor);
    },
    'users.disableTotp': async ({ store, params: { name }, body: { code }, principal, actor }) => {
      if (!isSelf(principal, name)) {
        requireServerAdmin(principal);
        return await disableTotp(store, name, null, actor);
      }
      if (code === undefined) throw new MitateError('SIGN_IN_CODE_NEEDED', {});
      await disableTotp(store, name, { code, codes, now: sessions.now() }, actor);
    },
  };
}
