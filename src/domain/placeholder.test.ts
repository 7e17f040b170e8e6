import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { placeholderIn } from './placeholder.ts';

describe('a placeholder in a path', () => {
  it.each([
    ['/home/USER_ME!!!!/repos/qemu/build/qemu-system-x86_64', 'USER_ME!!!!'],
    ['/home/USER/win11.iso', 'USER'],
    ['/home/your-username/win11.qcow2', 'your-username'],
    ['/home/YOUR_NAME_HERE/win11.qcow2', 'YOUR_NAME_HERE'],
    ['/var/lib/CHANGE_ME.img', 'CHANGE_ME'],
    ['/mnt/changeme/a.iso', 'changeme'],
    ['/path/to/gpu.rom', '/path/to'],
    ['/vm/xxx/a.img', 'xxx'],
    ['/home/$USER/a.img', '$USER'],
    ['~/a.img', '~'],
    ['/home/<user>/a.img', '<user>'],
  ])('%s', (path, placeholder) => expect(placeholderIn(path)).toBe(placeholder));

  // Names that people have.
  it.each([
    '/home/user/win11.iso',
    '/home/username/VMs/w.img',
    '/var/lib/libvirt/images/win11-2.working',
    '/home/./Downloads/Win11_25H2_English_x64.iso',
    '/data/USERS/a.img',
    '/mnt/xx/a.img',
    '/srv/exchange_mellon/a.img',
    '/mnt/your name.iso',
    '/vm/Wow!!.iso',
    '/usr/share/OVMF/OVMF_CODE.fd',
    '/dev/disk/by-id/ata-Samsung_SSD_870_XXX',
    '',
  ])('none in %j', (path) => expect(placeholderIn(path)).toBeNull());

  it('is a part of any text, or none', () => {
    fc.assert(fc.property(fc.string(), (path) => path.includes(placeholderIn(path) ?? '')));
    expect(placeholderIn('change'.repeat(100_000))).toBeNull();
  });
});
