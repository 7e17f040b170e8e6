import { windowsGuest } from '../../../src/domain/applies.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/devices/filesystem',
  title: 'Windows can use the shared folders',
  severity: 'minor',
  why: 'Windows has no driver for 9p, so a folder shared that way never shows up in the guest.',
  sources: [
    'https://libvirt.org/formatdomain.html#filesystems',
    'https://libvirt.org/kbase/virtiofs.html',
    'https://virtio-fs.gitlab.io/howto-windows.html',
  ],
  applies: [windowsGuest],
  evaluate(document) {
    return all(document.root, 'devices', 'filesystem').map((folder) => {
      const driver = attribute(first(folder, 'driver'), 'type') ?? 'path';
      if (driver === 'virtiofs') return passAt(document, folder, 'virtiofs (the guest needs WinFsp and the VirtioFsSvc service)');
      return failAt(
        document,
        folder,
        `a folder is shared by 9p${driver === 'path' ? '' : ` (${driver.slice(0, 40)})`}, which Windows does not know`,
        {
          expected: "<driver type='virtiofs'/>",
          remedy: xmlRemedy(
            document,
            'Share the folder by virtiofs (it needs shared memory, and WinFsp in the guest), by SMB, or remove it',
            {
              inside: '<filesystem>',
              within: folder,
              write: "<driver type='virtiofs'/>",
            },
          ),
        },
      );
    });
  },
});
