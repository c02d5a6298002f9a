import type { Deployed, Route } from '../router/route.ts';
import type { ServiceRequest } from '../service.ts';

/** A request that has its deployment. */
export interface Asked {
  request: ServiceRequest;
  route: Route;
  deployed: Deployed;
}

/** One photo of it. */
export interface AskedPhoto extends Asked {
  /** UUIDv7. */
  id: string;
  instance: number;
  image: Uint8Array;
}
