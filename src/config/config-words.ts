import type { FileWords } from './describe-issue.ts';

/** What messages about a `passcheck.yaml` need. A test compares the keys with the schema. */
export const CONFIG_WORDS: FileWords = {
  one: 'configuration',
  keys: {
    '': ['gpu', 'ids', 'vms', 'connection', 'lookingGlass', 'media', 'thresholds', 'severity', 'phase'],
    lookingGlass: ['resolution', 'file'],
    media: ['windows', 'virtio'],
    thresholds: ['overhead', 'lookingGlassMs', 'boots', 'hostReserveMiB'],
  },
};
