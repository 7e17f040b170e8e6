import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { initramfsConfig, parseModuleList } from './initramfs-config.ts';

const names = (list: readonly { module: string }[] | undefined) => list?.map(({ module }) => module);

describe('initramfsConfig', () => {
  it('reads mkinitcpio.conf and its drop-ins', async () => {
    const { mkinitcpio } = await valueOf(initramfsConfig, {
      files: {
        '/etc/mkinitcpio.conf': 'MODULES=(btrfs)\nHOOKS=(base udev autodetect microcode modconf kms block filesystems)\n',
        '/etc/mkinitcpio.conf.d/vfio.conf': 'MODULES+=(vfio-pci vfio amdgpu?)\n',
      },
    });
    expect(names(mkinitcpio?.modules)).toEqual(['btrfs', 'vfio_pci', 'vfio', 'amdgpu']);
    expect(mkinitcpio?.modules[1]).toEqual({ module: 'vfio_pci', file: '/etc/mkinitcpio.conf.d/vfio.conf', line: 1, parameters: '' });
    expect(mkinitcpio?.hooks).toContain('modconf');
  });

  it('lets a later file of mkinitcpio replace the modules', async () => {
    const { mkinitcpio } = await valueOf(initramfsConfig, {
      files: { '/etc/mkinitcpio.conf': 'MODULES=(vfio_pci)\n', '/etc/mkinitcpio.conf.d/x.conf': 'MODULES=(btrfs)\n' },
    });
    expect(names(mkinitcpio?.modules)).toEqual(['btrfs']);
  });

  it('keeps what was there when a drop-in names it, and reads the old form', async () => {
    const { mkinitcpio } = await valueOf(initramfsConfig, {
      files: {
        '/etc/mkinitcpio.conf': 'MODULES="vfio vfio_pci"\n',
        '/etc/mkinitcpio.conf.d/x.conf': 'MODULES=("${MODULES[@]}" btrfs)\n',
      },
    });
    expect(names(mkinitcpio?.modules)).toEqual(['vfio', 'vfio_pci', 'btrfs']);
  });

  it('joins the strings of dracut as dracut does', async () => {
    const { dracut } = await valueOf(initramfsConfig, {
      files: {
        '/etc/dracut.conf.d/10-vfio.conf': 'force_drivers+=" vfio_pci vfio vfio_iommu_type1 "\nhostonly="no"\n',
        '/etc/dracut.conf.d/20-disk.conf': 'add_drivers+="xfs"\n',
        '/etc/dracut.conf.d/30-late.conf': 'add_drivers+="vfio-pci"\n',
        '/usr/lib/dracut/dracut.conf.d/10-vfio.conf': 'omit_drivers+=" vfio_pci "\n',
      },
    });
    expect(names(dracut?.forceDrivers)).toEqual(['vfio_pci', 'vfio', 'vfio_iommu_type1']);
    expect(names(dracut?.addDrivers)).toEqual(['xfsvfio_pci']);
    expect(dracut).toMatchObject({ omitDrivers: [], isHostOnly: false });
  });

  it('reads the modules of initramfs-tools and of the boot', async () => {
    const { initramfsTools, loadedAtBoot, mkinitcpio, dracut } = await valueOf(initramfsConfig, {
      files: {
        '/etc/initramfs-tools/modules': '# Examples:\n# raid1\nvfio-pci ids=10de:2684\nvfio\n',
        '/etc/modules': 'vfio_pci\n',
        '/usr/lib/modules-load.d/fwupd.conf': '; comment\nmsr\n',
      },
    });
    expect(initramfsTools?.modules).toEqual([
      { module: 'vfio_pci', file: '/etc/initramfs-tools/modules', line: 3, parameters: 'ids=10de:2684' },
      { module: 'vfio', file: '/etc/initramfs-tools/modules', line: 4, parameters: '' },
    ]);
    expect(names(loadedAtBoot)).toEqual(['vfio_pci', 'msr']);
    expect([mkinitcpio, dracut]).toEqual([null, null]);
  });

  it('names what it could not read', async () => {
    const { unread, mkinitcpio } = await valueOf(initramfsConfig, { unreadable: { '/etc/mkinitcpio.conf': 'denied' } });
    expect(unread).toContainEqual({ source: '/etc/mkinitcpio.conf', reason: 'permission denied' });
    expect(mkinitcpio).toBeNull();
  });

  it('reads any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        parseModuleList(text, 'f');
        const host = { files: { '/etc/mkinitcpio.conf': `MODULES=(${text}`, '/etc/dracut.conf': `force_drivers+="${text}` } };
        expect((await valueOf(initramfsConfig, host)).mkinitcpio).not.toBeNull();
      }),
    );
  });
});
