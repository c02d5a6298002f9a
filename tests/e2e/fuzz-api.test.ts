import { describeApiFuzz } from './fuzz/answered-api.ts';

// a million: npm run test:long
describeApiFuzz(20_000);
