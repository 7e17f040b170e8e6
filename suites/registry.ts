import type { Check } from '../src/engine/check.ts';
import { domainRules } from './domain.ts';
import { preflightChecks } from './preflight.ts';

/** Every check of every suite, sorted by id. */
export const checks: readonly Check[] = [...domainRules, ...preflightChecks];
