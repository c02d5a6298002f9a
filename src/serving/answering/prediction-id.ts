import { v7 as uuidv7 } from 'uuid';
import type { ServiceRequest } from '../service.ts';

/** UUIDv7: sorts by the time of the request. */
export const predictionId = ({ now }: Pick<ServiceRequest, 'now'>): string => uuidv7(now && { msecs: now().getTime() });
