import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { moduleFiles } from './initramfs.ts';
import type { Kernel } from './kernel.ts';

const HERE = import.meta.dirname;

/** What a guest needs of the kernel; the file system is that of the virtual host, over 9p. */
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_console', 'virtio_net', 'virtio_blk'];

/**
 * Writes what a KVM guest of the virtual host boots: `vmlinuz` and `guest.gz`, and `key`, with which its sshd lets root in. The guest runs
 * this machine's own userland (read-only, below a throw-away overlay), Debian's QEMU guest agent and OpenSSH.
 */
export function makeGuest(kernel: Kernel, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const tree = join(folder, 'tree');
  for (const name of ['bin', 'proc', 'sys', 'dev', 'modules', 'low', 'up', 'root', 'ssh']) mkdirSync(join(tree, name), { recursive: true });
  copyFileSync(execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim(), join(tree, 'bin/busybox'));
  const order = moduleFiles(kernel, MODULES);
  for (const file of order) copyFileSync(file, join(tree, 'modules', basename(file)));
  writeFileSync(join(tree, 'modules/order'), order.map((file) => `${basename(file)}\n`).join(''));
  copyFileSync(join(HERE, 'guest-init.sh'), join(tree, 'init'));
  for (const name of ['init', 'bin/busybox']) chmodSync(join(tree, name), 0o755);
  makeKeys(folder, tree);
  execFileSync('sh', ['-c', 'cd "$1" && find . | cpio -o -H newc 2>/dev/null | gzip -1 > "$2"', 'sh', tree, join(folder, 'guest.gz')]);
  rmSync(tree, { recursive: true });
  copyFileSync(kernel.image, join(folder, 'vmlinuz'));
}

/** Made here: it would take long in the guest. */
function makeKeys(folder: string, tree: string): void {
  for (const file of [join(folder, 'key'), join(tree, 'ssh/ssh_host_ed25519_key')])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'virtual host', '-f', file]);
  copyFileSync(join(folder, 'key.pub'), join(tree, 'ssh/authorized_keys'));
}
