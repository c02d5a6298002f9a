import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { networkOf } from '../access/network-of.ts';
import { httpError } from '../plugins/errors.ts';
import { limitedPer } from '../plugins/rate-limit.ts';
import { messagePage } from './feedback-page.ts';
import { feedbackTexts, languageOf } from './feedback-texts.ts';

/** For pages behind signed links: a limit per network, and errors in the words of whoever opens one. */
export function answerInPages(app: FastifyInstance): void {
  app.addHook('onRequest', limitedPer(app, { max: 120, by: ({ ip }) => networkOf(ip) }));
  app.setErrorHandler((thrown, request, reply) => {
    const { status, message, remedy, code } = httpError(thrown, request);
    if (code === 'INTERNAL') request.log.error({ err: thrown }, 'unexpected error');
    const language = languageOf(request.headers['accept-language']);
    const { failed: title, errors } = feedbackTexts[language];
    const text = errors[code] ?? `${message} ${remedy}`;
    return sendPage(reply.code(status), (nonce) => messagePage({ title, text, nonce, language }));
  });
}

/** Under a policy that allows its own style, and nothing else. */
export function sendPage(reply: FastifyReply, page: (nonce: string) => string): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
    .header('cache-control', 'no-store')
    .header('vary', 'accept-language')
    .type('text/html; charset=utf-8')
    .send(page(nonce));
}
