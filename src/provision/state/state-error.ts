import { UsageError } from '../../usage-error.ts';

/** The state of a connection could not be had, so nothing was changed: somebody else has it, it is damaged, the disk is full. */
export class StateError extends UsageError {}
