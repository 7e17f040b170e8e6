import { defineCheck } from '../../../src/engine/check.ts';
import { judgeMedium } from '../install-medium.ts';

export default defineCheck({
  id: 'preflight/media/windows-iso',
  title: 'The Windows image is complete and QEMU can read it',
  severity: 'major',
  needs: ['media'],
  wants: ['qemuConf'],
  why: 'A cut-off or unreadable image ends the installation, or keeps the VM from starting at all.',
  sources: [
    'https://www.microsoft.com/software-download/windows11',
    'https://ecma-international.org/publications-and-standards/standards/ecma-119/',
  ],
  evaluate({ media, qemuConf }) {
    return judgeMedium(
      {
        role: 'windows',
        name: 'Windows',
        // 64-bit images of Windows 10 and 11 are 4 to 8 GB; slimmed ones hardly go below 3 GiB.
        minBytes: 3 * 1024 ** 3,
        download: 'https://www.microsoft.com/software-download/windows11',
      },
      { media, qemuConf },
    );
  },
});
