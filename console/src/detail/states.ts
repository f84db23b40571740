// The steps an operation's owner may take, and what each of them means for others.

import type { OperationState } from '../api/types';

export interface Step {
  label: string;
  state: OperationState;
  reason?: 'completed' | 'cancelled';
  from: OperationState[];
  effect: (name: string) => string;
}

const LIVE: OperationState[] = ['planned', 'active', 'nonconforming', 'contingent'];

export const STEPS: Step[] = [
  {
    label: 'Activate',
    state: 'active',
    from: ['planned', 'nonconforming'],
    effect: (name) => `${name} becomes active: it is flying, or about to. It stays in every check.`,
  },
  {
    label: 'Nonconforming',
    state: 'nonconforming',
    from: ['planned', 'active'],
    effect: (name) =>
      `${name} is declared outside its plan, for now. It stays in every check with its filed volumes: change them to where it really is.`,
  },
  {
    label: 'Contingent',
    state: 'contingent',
    from: ['planned', 'active', 'nonconforming'],
    effect: (name) => `${name} is declared unable to keep its plan. It cannot go back to active; it can only be ended.`,
  },
  {
    label: 'End',
    state: 'ended',
    reason: 'completed',
    from: ['active', 'nonconforming', 'contingent'],
    effect: (name) => `${name} ends as completed and leaves every check from now on. This cannot be taken back.`,
  },
  {
    label: 'Cancel',
    state: 'ended',
    reason: 'cancelled',
    from: LIVE,
    effect: (name) => `${name} is cancelled and leaves every check from now on. This cannot be taken back.`,
  },
];

/** The steps open to an operation in this state. */
export const stepsFrom = (state: OperationState) => STEPS.filter((step) => step.from.includes(state));
