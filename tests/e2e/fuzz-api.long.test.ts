import { describeApiFuzz } from './fuzz/answered-api.ts';

const servers = 20;
const requests = 1_000_000;

// a server for each part: what is found is said after minutes, and tables stay as small as those of a day
for (let part = 0; part < servers; part++) describeApiFuzz(requests / servers, (part * requests) / servers);
