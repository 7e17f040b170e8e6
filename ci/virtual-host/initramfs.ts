import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Kernel } from './kernel.ts';

const HERE = import.meta.dirname;

/** Loaded before the scenario's command runs; every other module of the kernel can be loaded inside. */
const MODULES = [
  'virtio_pci',
  '9pnet_virtio',
  '9p',
  'overlay',
  'irqbypass',
  'vfio-pci',
  'vfio_iommu_type1',
  'tun',
  'bridge',
  'veth',
  'kvm-amd',
  'vhost_net',
  'virtio_blk',
  'ext4',
];

/** Writes the initial RAM disk that boots this machine's own root file system and runs `command` (bash) there. */
export function makeInitramfs(kernel: Kernel, work: string, command: string): string {
  const tree = join(work, 'initramfs');
  for (const folder of ['bin', 'proc', 'sys', 'dev', 'modules', 'low', 'up', 'root']) mkdirSync(join(tree, folder), { recursive: true });
  copyFileSync(execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim(), join(tree, 'bin/busybox'));
  const order = moduleFiles(kernel, MODULES);
  for (const file of order) copyFileSync(file, join(tree, 'modules', basename(file)));
  writeFileSync(join(tree, 'modules/order'), order.map((file) => `${basename(file)}\n`).join(''));
  writeFileSync(join(tree, 'modules/tree'), join(kernel.root, 'lib/modules', kernel.release));
  copyFileSync(kernel.config, join(tree, 'modules/config'));
  copyFileSync(join(HERE, 'init.sh'), join(tree, 'init'));
  copyFileSync(join(HERE, 'inside.sh'), join(tree, 'inside.sh'));
  writeFileSync(join(tree, 'command'), `#!/bin/bash\n. /run/virtual-host/inside.sh\n${command}\n`);
  for (const name of ['init', 'command', 'bin/busybox']) chmodSync(join(tree, name), 0o755);
  const image = join(work, 'initramfs.gz');
  execFileSync('sh', ['-c', `cd "$1" && find . | cpio -o -H newc 2>/dev/null | gzip -1 > "$2"`, 'sh', tree, image]);
  return image;
}

/** The files of modules and of what they depend on, in the order in which they are loaded. */
export function moduleFiles(kernel: Kernel, modules: readonly string[]): string[] {
  const lines = modules.flatMap((name) =>
    execFileSync('modprobe', ['-d', kernel.root, '-S', kernel.release, '--show-depends', name], { encoding: 'utf8' }).split('\n'),
  );
  return [...new Set(lines.flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []))];
}
