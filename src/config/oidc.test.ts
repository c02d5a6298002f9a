import { describe, expect, it } from 'vitest';
import { resolveOidc } from './oidc.ts';

const env = {
  MITATE_OIDC_ISSUER: 'https://login.example/realms/leaf',
  MITATE_OIDC_CLIENT_ID: 'mitate',
  MITATE_OIDC_ROLES: 'ops=default:admin, cn=leaf:people=roses:labeller',
  MITATE_PUBLIC_URL: 'https://mitate.example/',
};

describe('sign-in at a provider', () => {
  it('is off without an issuer; groups may have "=" and ":"', () => {
    expect(resolveOidc({ env: {} })).toBeNull();
    expect(resolveOidc({ env })).toEqual({
      issuer: 'https://login.example/realms/leaf',
      clientId: 'mitate',
      clientSecret: null,
      groupsClaim: 'groups',
      roles: [
        { group: 'ops', project: 'default', role: 'admin' },
        { group: 'cn=leaf:people', project: 'roses', role: 'labeller' },
      ],
      publicUrl: 'https://mitate.example',
    });
    const here = { MITATE_OIDC_ISSUER: 'http://127.0.0.1:4000', MITATE_PUBLIC_URL: 'http://localhost:8080' };
    expect(resolveOidc({ env: { ...env, ...here } })).toMatchObject({ publicUrl: 'http://localhost:8080' });
  });

  it.each([
    { MITATE_OIDC_ISSUER: 'http://login.example' },
    { MITATE_OIDC_ISSUER: 'login.example' },
    { MITATE_OIDC_ISSUER: 'https://login.example/?realm=leaf' },
    { MITATE_OIDC_CLIENT_ID: '' },
    { MITATE_OIDC_ROLES: '' },
    { MITATE_OIDC_ROLES: 'ops=default:owner' },
    { MITATE_OIDC_ROLES: 'ops=Rose Garden:admin' },
    { MITATE_OIDC_ROLES: '=default:admin' },
    { MITATE_PUBLIC_URL: '' },
    { MITATE_PUBLIC_URL: 'http://mitate.example' },
    { MITATE_PUBLIC_URL: 'https://mitate.example/app' },
  ])('rejects %o', (change) => {
    expect(() => resolveOidc({ env: { ...env, ...change } })).toThrow(Object.keys(change)[0]!);
  });
});
