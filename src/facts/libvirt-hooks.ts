import { ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';

/** Scripts that libvirt runs when a domain starts and stops; single-GPU hosts take the GPU from the desktop there. */
export interface LibvirtHooks {
  /** Executable hooks for QEMU domains; what they do is not known. https://libvirt.org/hooks.html */
  readonly qemu: Reading<readonly string[]>;
}

const HOOK = '/etc/libvirt/hooks/qemu';
const FOLDER = '/etc/libvirt/hooks/qemu.d';

export const libvirtHooks = defineFact({
  id: 'libvirtHooks',
  collect(host): LibvirtHooks {
    const more = host.list(FOLDER);
    if (more.state === 'unreadable') return { qemu: more };
    const scripts = [HOOK, ...(more.state === 'ok' ? more.value.map((name) => `${FOLDER}/${name}`) : [])];
    const found: string[] = [];
    for (const script of scripts) {
      const executable = isExecutable(host, script);
      if (executable.state === 'unreadable') return { qemu: executable };
      if (executable.state === 'ok' && executable.value) found.push(script);
    }
    return { qemu: ok(found) };
  },
});

function isExecutable(host: HostSource, path: string): Reading<boolean> {
  const stat = host.stat(path);
  // Dispatchers keep a folder for each domain below qemu.d and run it from the hook itself.
  return stat.state === 'ok' ? ok(stat.value.kind === 'file' && (stat.value.mode & 0o111) !== 0) : stat;
}
