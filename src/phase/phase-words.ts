import type { FileWords } from '../config/describe-issue.ts';

/** What messages about a phase file need. A test compares the keys with the schema. */
export const PHASE_WORDS: FileWords = {
  one: 'phase',
  singular: { criteria: 'criterion', measurements: 'measurement', documents: 'document', checks: 'check' },
  keys: {
    '': ['id', 'title', 'source', 'documents', 'criteria'],
    'documents.*': ['file', 'contents'],
    'criteria.*': ['id', 'group', 'text', 'checks', 'mayNotApply', 'vms', 'machine', 'environment', 'measurements', 'attestation', 'later'],
    'criteria.*.environment.*': ['name', 'is', 'has'],
    'criteria.*.measurements.*': ['id', 'figure', 'below', 'atMost', 'above', 'atLeast', 'unit'],
    'criteria.*.later': ['command', 'what'],
  },
};
