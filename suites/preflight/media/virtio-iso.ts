import { defineCheck } from '../../../src/engine/check.ts';
import { judgeMedium } from '../install-medium.ts';

export default defineCheck({
  id: 'preflight/media/virtio-iso',
  title: 'The virtio-win image is complete and QEMU can read it',
  severity: 'major',
  needs: ['media'],
  wants: ['qemuConf'],
  why: 'Windows Setup sees neither disk nor network on virtio without the drivers of this image.',
  sources: [
    'https://github.com/virtio-win/virtio-win-pkg-scripts/blob/master/README.md',
    'https://ecma-international.org/publications-and-standards/standards/ecma-119/',
  ],
  evaluate({ media, qemuConf }) {
    return judgeMedium(
      {
        role: 'virtio',
        name: 'virtio-win',
        // The images with drivers for Windows 10 and 11 are 300 MiB and more; whether one is cut off, its descriptors tell.
        minBytes: 256 * 1024 ** 2,
        download: 'https://fedorapeople.org/groups/virt/virtio-win/direct-downloads/stable-virtio/virtio-win.iso',
      },
      { media, qemuConf },
    );
  },
});
