import { describeApiFuzz } from './fuzz/answered-api.ts';

describeApiFuzz(1_000_000);
