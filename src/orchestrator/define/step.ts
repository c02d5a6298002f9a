import type { ComponentModule, ComponentSpec } from '../../contracts/component.ts';

/** A component without its types, as the launcher sees it. */
export interface AnyComponent {
  readonly spec: ComponentSpec;
  readonly load: () => Promise<ComponentModule>;
}

export interface StepOptions {
  /** Default: the component's name in lower case, `trainer`; `trainer-2` for the second of its kind. */
  name?: string;
  /** Further attempts after a transient error. Default 0. */
  retries?: number;
  /** `30s`, `10min`, `2h`. Default: none. */
  timeout?: string;
}

/** A step as the user wrote it, not yet linted. */
export interface Step {
  name: string;
  component: AnyComponent;
  /** Arguments that are inputs by the spec or by their value (a channel). */
  inputs: Record<string, unknown>;
  /** All other arguments. */
  parameters: Record<string, unknown>;
  options: StepOptions;
}
