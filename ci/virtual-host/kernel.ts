import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A stock Debian kernel, unpacked outside the system. */
export interface Kernel {
  readonly release: string;
  readonly image: string;
  readonly config: string;
  /** The folder that holds `lib/modules/RELEASE`. */
  readonly root: string;
}

const TOOLS = [
  'qemu-system-x86_64',
  'busybox',
  'cpio',
  'gzip',
  'modprobe',
  'depmod',
  'dpkg-deb',
  'apt-get',
  'virsh',
  'libvirtd',
  'swtpm',
  'mkfs.ext4',
  'lsinitramfs',
];

/** What keeps the virtual host from running on this machine; null when nothing does. */
export function missingTools(): string | null {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const missing = TOOLS.filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return process.getuid?.() === 0 ? null : 'needs root (the root file system is shared with the virtual host)';
}

/** Debian's kernel package, downloaded once by apt-get and kept in the user's cache. */
export function prepareKernel(): Kernel {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'passcheck', 'virtual-host');
  const root = join(cache, 'kernel');
  const release = unpackedRelease(root) ?? download(cache, root);
  return {
    release,
    root,
    image: join(root, 'boot', `vmlinuz-${release}`),
    config: join(root, 'boot', `config-${release}`),
  };
}

function unpackedRelease(root: string): string | undefined {
  const boot = join(root, 'boot');
  if (!existsSync(join(root, 'complete')) || !existsSync(boot)) return undefined;
  return readdirSync(boot)
    .find((name) => name.startsWith('vmlinuz-'))
    ?.slice('vmlinuz-'.length);
}

function download(cache: string, root: string): string {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const depends = execFileSync('apt-cache', ['depends', 'linux-image-amd64'], { encoding: 'utf8' });
  const name = /Depends: (linux-image-[0-9]\S*)/.exec(depends)?.[1];
  if (name === undefined) throw new Error('apt-cache knows no linux-image-amd64: run apt-get update');
  execFileSync('apt-get', ['-q', 'download', name], { cwd: cache, stdio: 'ignore' });
  const file = readdirSync(cache).find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get download ${name} left no file`);
  execFileSync('dpkg-deb', ['-x', file, root], { cwd: cache });
  rmSync(join(cache, file));
  const release = name.slice('linux-image-'.length);
  execFileSync('depmod', ['-b', root, release]);
  mkdirSync(join(root, 'complete'));
  return release;
}
