import { describe, expect, it } from 'vitest';

import type { BootLoader, Distribution, InitramfsTool, Platform } from '../facts/platform.ts';
import { DEBIAN } from '../../test/facts.ts';
import { BOOT_TABLE } from './boot-table.ts';
import { hugepageMountSteps, hugepageSteps } from './hugepages.ts';
import { INITRAMFS_TABLE } from './initramfs-table.ts';
import { kernelParameterSteps } from './kernel-parameters.ts';
import { earlyModuleSteps, loadModuleSteps, modprobeSteps, rebuildInitramfsSteps } from './modules.ts';
import { installSteps, type Software } from './packages.ts';
import { groupSteps, qemuConfSteps, startLibvirtSteps } from './services.ts';

const DISTRIBUTIONS: readonly Distribution[] = ['arch', 'debian', 'ubuntu', 'fedora', 'fedora-atomic', 'opensuse', 'nixos', 'proxmox'];
const LOADERS: readonly BootLoader[] = ['grub', 'systemd-boot', 'kernel-install', 'uki', 'refind', 'limine'];
const TOOLS: readonly InitramfsTool[] = ['mkinitcpio', 'dracut', 'initramfs-tools'];

const on = (given: Partial<Platform>): Platform => ({ ...DEBIAN, ...given });
const NIXOS = on({ distribution: 'nixos', id: 'nixos', initramfsTool: null });
const ARCH = on({ distribution: 'arch', id: 'arch', bootLoader: 'systemd-boot', initramfsTool: 'mkinitcpio', esp: '/boot' });

describe('the remedy tables', () => {
  it('have a row with a source, or the reason why there is none, for every combination', () => {
    for (const distribution of DISTRIBUTIONS) {
      for (const row of [
        ...LOADERS.map((loader) => BOOT_TABLE[distribution][loader]),
        ...TOOLS.map((tool) => INITRAMFS_TABLE[distribution][tool]),
      ]) {
        expect('none' in row ? row.none : row.source).toMatch('none' in row ? /\w{5}/ : /^https:\/\//);
      }
    }
  });

  it('end in a step with a reboot for every combination that exists', () => {
    for (const distribution of DISTRIBUTIONS) {
      for (const bootLoader of [...LOADERS, null]) {
        const steps = kernelParameterSteps(on({ distribution, id: distribution, bootLoader }), {
          add: ['iommu=pt'],
          remove: ['intremap=off'],
        });
        expect(steps.at(-1)?.reboot).toBe(true);
        expect(JSON.stringify(steps)).toContain('iommu=pt');
        expect(JSON.stringify(steps)).toContain('intremap=off');
      }
    }
  });
});

describe('kernelParameterSteps', () => {
  it('names the file, the line and update-grub on Debian with GRUB', () => {
    expect(kernelParameterSteps(DEBIAN, { add: ['iommu=pt'] })).toEqual([
      { file: '/etc/default/grub', text: 'add iommu=pt to GRUB_CMDLINE_LINUX_DEFAULT' },
      { run: 'update-grub', reboot: true },
    ]);
  });

  it('names the folder of the EFI system partition on Arch with systemd-boot', () => {
    expect(kernelParameterSteps(ARCH, { remove: ['intremap=off'] })).toEqual([
      { file: '/boot/loader/entries/*.conf', text: 'remove intremap=off from the line "options"', reboot: true },
    ]);
  });

  it('sets the option on NixOS, whatever the boot loader', () => {
    const steps = kernelParameterSteps({ ...NIXOS, bootLoader: null }, { add: ['intel_iommu=on'] });
    expect(steps[0]).toMatchObject({ text: 'add "intel_iommu=on" to boot.kernelParams' });
    expect(steps.at(-1)).toEqual({ run: 'nixos-rebuild boot', reboot: true });
  });

  it('uses grubby on Fedora, rpm-ostree on Fedora Atomic and kernelstub on Pop!_OS', () => {
    const change = { add: ['a=1'], remove: ['b=2'] };
    expect(kernelParameterSteps(on({ distribution: 'fedora', id: 'fedora' }), change)[0]?.run).toBe(
      'grubby --update-kernel=ALL --remove-args="b=2" --args="a=1"',
    );
    expect(kernelParameterSteps(on({ distribution: 'fedora-atomic', id: 'bazzite' }), change)[0]?.run).toBe(
      'rpm-ostree kargs --delete-if-present=b=2 --append-if-missing=a=1',
    );
    expect(kernelParameterSteps(on({ distribution: 'ubuntu', id: 'pop' }), change)[0]?.run).toBe(
      'kernelstub --delete-options="b=2" --add-options="a=1"',
    );
  });

  it("writes into dracut's configuration when dracut builds the unified kernel image", () => {
    const steps = kernelParameterSteps({ ...ARCH, bootLoader: 'uki', initramfsTool: 'dracut' }, { add: ['iommu=pt'] });
    expect(steps[0]).toMatchObject({ file: '/etc/dracut.conf.d/10-cmdline.conf', text: 'add iommu=pt to kernel_cmdline' });
  });

  it('says what to change in words when the boot loader is unknown', () => {
    expect(kernelParameterSteps(on({ bootLoader: null }), { add: ['iommu=pt'] })[0]?.text).toContain('add iommu=pt');
  });
});

describe('module steps', () => {
  it('rebuild the initramfs with the tool of the host', () => {
    expect(modprobeSteps(DEBIAN, 'vfio.conf', ['options vfio-pci ids=10de:2684'])).toEqual([
      { file: '/etc/modprobe.d/vfio.conf', line: 'options vfio-pci ids=10de:2684' },
      { run: 'update-initramfs -u -k all', reboot: true },
    ]);
    expect(rebuildInitramfsSteps(ARCH)).toEqual([{ run: 'mkinitcpio -P', reboot: true }]);
  });

  it('put one module a line for initramfs-tools, and one line for mkinitcpio', () => {
    expect(earlyModuleSteps(DEBIAN, ['vfio_pci', 'vfio']).map(({ line }) => line)).toEqual(['vfio_pci', 'vfio', undefined]);
    expect(earlyModuleSteps(ARCH, ['vfio_pci', 'vfio'])[0]).toEqual({
      file: '/etc/mkinitcpio.conf',
      text: 'put vfio_pci vfio first in MODULES=( )',
    });
  });

  it('set options on NixOS', () => {
    expect(earlyModuleSteps(NIXOS, ['vfio_pci'])[0]?.line).toBe('boot.initrd.kernelModules = [ "vfio_pci" ];');
    expect(loadModuleSteps(NIXOS, ['kvmfr'])[0]?.line).toBe('boot.kernelModules = [ "kvmfr" ];');
  });
});

describe('installSteps', () => {
  const ALL: readonly Software[] = ['libvirt', 'qemu', 'ovmf', 'swtpm', 'dnsmasq', 'firewall', 'virt-manager', 'kvmfr'];

  it('know a way on every distribution', () => {
    for (const distribution of [...DISTRIBUTIONS, null]) {
      for (const software of ALL) expect(installSteps(on({ distribution }), [software]).length).toBeGreaterThan(0);
    }
  });

  it('join packages into one command', () => {
    expect(installSteps(DEBIAN, ['ovmf', 'swtpm'])).toEqual([{ run: 'apt install ovmf swtpm swtpm-tools' }]);
  });

  it('say where to build what is not packaged', () => {
    expect(installSteps(DEBIAN, ['kvmfr'])[0]?.text).toContain('looking-glass.io');
  });
});

describe('service and hugepage steps', () => {
  it('start the sockets of the modular daemons', () => {
    expect(startLibvirtSteps(DEBIAN, 'modular')[0]?.run).toContain('virtqemud.socket');
    expect(qemuConfSteps(DEBIAN, 'modular', ['user = "root"']).at(-1)?.run).toBe('systemctl restart virtqemud');
    expect(groupSteps(DEBIAN, 'developer', ['libvirt', 'kvm'])[0]?.run).toBe('usermod --append --groups libvirt,kvm developer');
  });

  it('keep what NixOS has in qemu.conf by default', () => {
    expect(qemuConfSteps(on({ distribution: 'nixos' }), 'monolithic', ['user = "root"'])[0]?.line).toContain(
      'namespaces = []\nuser = "root"',
    );
  });

  it('copy a group of the image before they change it on Fedora Atomic', () => {
    const [copy, add] = groupSteps(on({ distribution: 'fedora-atomic' }), 'developer', ['libvirt']);
    expect(copy?.run).toContain("grep '^libvirt:' /usr/lib/group >> /etc/group");
    expect(add?.run).toContain('usermod');
  });

  it('bring the default network on Fedora, and name no option that NixOS dropped', () => {
    expect(installSteps(on({ distribution: 'fedora' }), ['libvirt'])[0]?.run).toContain('libvirt-daemon-config-network');
    expect(installSteps(on({ distribution: 'nixos' }), ['ovmf'])[0]?.line).toBe('virtualisation.libvirtd.enable = true;');
  });

  it('reserve 2 MiB pages at run time and 1 GiB pages at boot, on a node when one is asked for', () => {
    expect(hugepageSteps(DEBIAN, { sizeKiB: 2048, count: 8, node: null })).toContainEqual({
      file: '/etc/sysctl.d/40-hugepages.conf',
      line: 'vm.nr_hugepages = 8',
    });
    expect(hugepageSteps(DEBIAN, { sizeKiB: 2048, count: 8, node: 1 })[0]?.run).toContain('node1/hugepages/hugepages-2048kB');
    const other = hugepageSteps(DEBIAN, { sizeKiB: 2048, count: 8, node: null, isDefaultSize: false });
    expect(JSON.stringify(other)).not.toContain('vm.nr_hugepages');
    expect(hugepageSteps(on({ distribution: 'nixos' }), { sizeKiB: 2048, count: 8, node: 1 })[0]?.line).toContain('systemd.tmpfiles.rules');
    expect(JSON.stringify(hugepageSteps(DEBIAN, { sizeKiB: 1048576, count: 8, node: 1 }))).toContain('hugepages=1:8');
    expect(hugepageMountSteps(DEBIAN, 1048576)[1]?.line).toBe('hugetlbfs /dev/hugepages1G hugetlbfs pagesize=1G 0 0');
  });
});
