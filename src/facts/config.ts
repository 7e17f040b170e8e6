import { defineFact } from './fact.ts';

/** The user's `passcheck.yaml`, as a fact, so that checks get thresholds the way they get everything else. */
export const config = defineFact({
  id: 'config',
  hostless: true,
  collect: (_host, _facts, context) => context.config,
});
