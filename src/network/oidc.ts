import * as oauth from 'oauth4webapi';
import { isMitateError, MitateError, reasonOf } from '../errors/index.ts';

export interface OidcClient {
  issuer: string;
  clientId: string;
  /** Null: a public client. */
  clientSecret: string | null;
  groupsClaim: string;
  redirectUri: string;
}

/** Known to this server alone until the browser is back. */
export interface BegunSignIn {
  state: string;
  nonce: string;
  verifier: string;
}

/** What the provider vouches for. */
export interface SignedInPerson {
  issuer: string;
  subject: string;
  preferredName: string | null;
  groups: string[];
}

const timeoutMs = 10_000;
/** Then its addresses and algorithms are read anew; its keys whenever one is unknown. */
const freshMs = 3_600_000;

/** An OpenID provider: authorization code with PKCE. Checks state, nonce, issuer, audience, times (30 s of tolerance) and signature. */
export class OidcProvider {
  readonly #client: OidcClient;
  readonly #options;
  #discovered: { server: oauth.AuthorizationServer; atMs: number } | undefined;

  constructor(client: OidcClient) {
    this.#client = client;
    const fetched = (url: string, init: object) => this.#fetch(url, init);
    this.#options = {
      [oauth.customFetch]: fetched,
      // the configuration allows http on this machine only
      [oauth.allowInsecureRequests]: client.issuer.startsWith('http:'),
    };
  }

  /** @returns where to send the browser @throws OIDC_UNREACHABLE, OIDC_REFUSED */
  async begin(): Promise<{ url: string; begun: BegunSignIn }> {
    return await this.#orRefused(async () => {
      const server = await this.#discover();
      const begun = {
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
        verifier: oauth.generateRandomCodeVerifier(),
      };
      const url = new URL(server.authorization_endpoint ?? this.#refuse('it has no authorization endpoint'));
      const wantsGroups = server.scopes_supported?.includes('groups');
      const parameters = {
        response_type: 'code',
        client_id: this.#client.clientId,
        redirect_uri: this.#client.redirectUri,
        scope: `openid profile${wantsGroups ? ' groups' : ''}`,
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return { url: url.href, begun };
    });
  }

  /** @param query with which the browser came back @throws OIDC_UNREACHABLE, OIDC_REFUSED */
  async finish(query: URLSearchParams, { state, nonce, verifier }: BegunSignIn): Promise<SignedInPerson> {
    return await this.#orRefused(async () => {
      const { clientId: client_id, clientSecret, redirectUri } = this.#client;
      const server = await this.#discover();
      const client: oauth.Client = { client_id };
      const checked = oauth.validateAuthResponse(server, client, query, state);
      const asked = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication(server, clientSecret),
        checked,
        redirectUri,
        verifier,
        this.#options,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, asked, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(server, asked, this.#options);
      const claims = oauth.getValidatedIdTokenClaims(tokens)!;
      const { groupsClaim } = this.#client;
      // some providers keep the ID token short
      const more = groupsClaim in claims ? {} : await this.#userInfo(server, client, tokens.access_token, claims.sub);
      const said: Record<string, unknown> = { ...more, ...claims };
      const { [groupsClaim]: groups = [], preferred_username: preferredName } = said;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        preferredName: typeof preferredName === 'string' ? preferredName : null,
        groups: [groups].flat().filter((group) => typeof group === 'string'),
      };
    });
  }

  async #userInfo(server: oauth.AuthorizationServer, client: oauth.Client, token: string, subject: string) {
    if (server.userinfo_endpoint === undefined) return {};
    const answer = await oauth.userInfoRequest(server, client, token, this.#options);
    return await oauth.processUserInfoResponse(server, client, subject, answer);
  }

  async #discover(): Promise<oauth.AuthorizationServer> {
    if (this.#discovered && performance.now() - this.#discovered.atMs < freshMs) return this.#discovered.server;
    const issuer = new URL(this.#client.issuer);
    const answer = await oauth.discoveryRequest(issuer, this.#options);
    const server = await oauth.processDiscoveryResponse(issuer, answer);
    this.#discovered = { server, atMs: performance.now() };
    return server;
  }

  async #fetch(url: string, init: object): Promise<Response> {
    const { issuer } = this.#client;
    const unreachable = (reason: string, cause?: unknown) =>
      new MitateError('OIDC_UNREACHABLE', { issuer, reason }, { cause });
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch((error) => {
      throw unreachable(reasonOf(error.cause ?? error), error);
    });
    if (answer.status >= 500) throw unreachable(`it answered with status ${answer.status}`);
    return answer;
  }

  async #orRefused<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isMitateError(error)) throw error;
      return this.#refuse(why(error), error);
    }
  }

  #refuse(reason: string, cause?: unknown): never {
    throw new MitateError('OIDC_REFUSED', { issuer: this.#client.issuer, reason }, { cause });
  }
}

function authentication(
  { token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer,
  secret: string | null,
) {
  if (secret === null) return oauth.None();
  const isPostOnly = methods?.includes('client_secret_post') && !methods.includes('client_secret_basic');
  return isPostOnly ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret);
}

/** The provider's own code where it sent one, such as `access_denied`; its free text is not repeated. */
function why(error: unknown): string {
  const isCoded = error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError;
  return isCoded && /^\w{1,64}$/.test(error.error) ? error.error : reasonOf(error);
}
