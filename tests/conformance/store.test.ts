import { describe } from 'vitest';
import { testDatabaseUrl } from '../support/database.ts';
import { accessConformance } from './store/access.ts';
import { alertsConformance } from './store/alerts.ts';
import { artifactsConformance } from './store/artifacts.ts';
import { auditedConformance } from './store/audited.ts';
import { endpointsConformance } from './store/endpoints.ts';
import { executionsConformance } from './store/executions.ts';
import { feedbackConformance } from './store/feedback.ts';
import { storeFixture } from './store/fixture.ts';
import { modelsConformance } from './store/models.ts';
import { projectsConformance } from './store/projects.ts';
import { reopeningConformance } from './store/reopening.ts';
import { requestsConformance } from './store/requests.ts';
import { runsConformance } from './store/runs.ts';

/** What every backend does. Names are new in each test, so that one database serves all. */
function storeConformance(databaseUrl?: string): void {
  const fixture = storeFixture(databaseUrl);
  runsConformance(fixture);
  executionsConformance(fixture);
  artifactsConformance(fixture);
  modelsConformance(fixture);
  endpointsConformance(fixture);
  requestsConformance(fixture);
  feedbackConformance(fixture);
  accessConformance(fixture);
  auditedConformance(fixture);
  projectsConformance(fixture);
  alertsConformance(fixture);
  reopeningConformance(fixture);
}

describe('the store on PGlite', () => storeConformance());

describe.skipIf(testDatabaseUrl === undefined)('the store on PostgreSQL', () => storeConformance(testDatabaseUrl));
