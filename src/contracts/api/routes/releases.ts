import { z } from 'zod';
import { hookSignatureHeader } from '../../../codecs/signed-hook.ts';
import { releaseHookSchema, storedReleaseSchema } from '../../release.ts';
import { pageSchema } from '../page.ts';
import { deployReleaseSchema, receivedReleaseSchema, releaseDetailsSchema, releasesQuerySchema } from '../releases.ts';
import type { RouteIn, Routes } from '../route.ts';

/** A bundle of 4 MiB in base64, and its metadata. */
const bodyLimitBytes = 8 * 1024 * 1024;
const receiveErrors = [
  'RELEASE_DIGEST_MISMATCH',
  'RELEASE_BUNDLE_INVALID',
  'RELEASE_NEEDS_ADMIN',
  'RELEASE_REFUSED',
  'RELEASE_TOO_SOON',
  'RELEASE_STAGE_WRONG',
] as const;

export const releaseRoutes = {
  'releases.list': {
    summary: 'List releases, newest first',
    description: 'A release is the code and parameters of a pipeline with proofs that its tests passed.',
    needs: ['read'],
    query: releasesQuerySchema,
    answer: pageSchema(storedReleaseSchema),
  },
  // a release is code that runs: see docs/threat-model.md
  'releases.deploy': {
    summary: 'Deploy a release to this server; a worker starts its run',
    description:
      'Before anything is stored: its digests are verified, its run held, and on a server with several projects the caller is a server admin, or the project has a worker of its own.',
    needs: ['approve'],
    body: deployReleaseSchema,
    bodyLimitBytes,
    status: 201,
    answer: receivedReleaseSchema,
    errors: receiveErrors,
  },
  'releases.get': {
    summary: 'Get a release and where it was deployed',
    description: 'Its digests, proofs and deployments.',
    needs: ['read'],
    params: z.object({ id: z.string().max(160).describe('Its id, the beginning of it, or "latest"') }),
    answer: releaseDetailsSchema,
    errors: ['RELEASE_UNKNOWN'],
  },
  'releases.webhook': {
    summary: 'Receive a release from a repository; signed, needs no key',
    description: `Header ${hookSignatureHeader}: t=<unix seconds>,n=<nonce>,v1=<hex HMAC-SHA256 of "t.nonce.body">`,
    isOpen: true,
    body: releaseHookSchema,
    bodyLimitBytes,
    limitPerMinute: 60,
    status: 201,
    answer: receivedReleaseSchema,
    errors: [
      'WEBHOOK_OFF',
      'WEBHOOK_SIGNATURE_INVALID',
      'WEBHOOK_EXPIRED',
      'WEBHOOK_BRANCH_REFUSED',
      'WEBHOOK_WORKFLOW_REFUSED',
      'WEBHOOK_APPROVER_REFUSED',
      'WEBHOOK_REPEATED',
      ...receiveErrors,
    ],
  },
} satisfies Routes<RouteIn<'releases'>>;
