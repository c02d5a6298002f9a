import { describeFuzz } from './fuzz/answered-requests.ts';

// 10,000 take a minute: npm run test:long
describeFuzz(2_500);
