import type { FileWords } from '../../config/describe-issue.ts';

const PASSWORD = /passw(?:or)?d|passphrase|secret|credential|private-?_?key|token/i;

/** What messages about a spec need. A test compares the keys with the schema. */
export const SPEC_WORDS: FileWords = {
  one: 'spec',
  keys: {
    '': ['name', 'connection', 'networks', 'pools', 'volumes', 'media', 'vms'],
    'networks.*': ['uuid', 'forward', 'bridge', 'address', 'dhcp', 'domain', 'autostart'],
    'networks.*.dhcp': ['start', 'end'],
    'pools.*': ['uuid', 'path', 'autostart'],
    'volumes.*': ['pool', 'size', 'format', 'file'],
    'vms.*': [
      'uuid',
      'title',
      'os',
      'accelerator',
      'memory',
      'vcpus',
      'hugepages',
      'pins',
      'firmware',
      'secureBoot',
      'nvram',
      'tpm',
      'disks',
      'media',
      'attachInstallMedia',
      'nics',
      'gpu',
      'lookingGlass',
      'spice',
      'hostname',
      'autostart',
    ],
    'vms.*.pins': ['vcpus', 'emulator', 'iothreads'],
    'vms.*.disks.*': ['volume', 'bus'],
    'vms.*.nics.*': ['network', 'bridge', 'mac', 'model', 'address'],
    'vms.*.gpu': ['devices', 'ids'],
    'vms.*.lookingGlass': ['resolution'],
  },
  // The key is not told: `passwordHunter2:` is one, too.
  misplaced: (key) =>
    PASSWORD.test(key) ? 'passwords do not belong into a spec: keep them in the environment, or in a file of mode 0600' : undefined,
};
