import { describeFuzz } from './fuzz/answered-requests.ts';

describeFuzz(10_000);
