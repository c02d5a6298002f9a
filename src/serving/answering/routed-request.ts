import type { Deployed, Route } from '../router/route.ts';
import type { ServiceRequest } from '../service.ts';

/** A request and the deployment chosen for it. */
export interface RoutedRequest {
  request: ServiceRequest;
  route: Route;
  deployed: Deployed;
}

export interface RoutedPhoto extends RoutedRequest {
  /** UUIDv7. */
  id: string;
  instance: number;
  image: Uint8Array;
}
