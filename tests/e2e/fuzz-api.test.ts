import { describeApiFuzz } from './fuzz/answered-api.ts';

// a million: npm run test:long
describeApiFuzz(5_000);
