import { MitateError } from '../errors/index.ts';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * https, or http to this machine. The sha256 protects the bytes, https the privacy of the request.
 * @throws BACKBONE_URL_REFUSED
 */
export function checkedUrl(text: string, base?: URL): URL {
  const refuse = (reason: string): never => {
    throw new MitateError('BACKBONE_URL_REFUSED', { url: text, reason });
  };
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : refuse('it is not a URL');
  if (url.username || url.password) {
    throw new MitateError('BACKBONE_URL_REFUSED', {
      url: `${url.host}${url.pathname}`,
      reason: 'it contains credentials',
    });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))) return url;
  return refuse(`${url.protocol}// is not https://`);
}
