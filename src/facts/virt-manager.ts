import { ok, type Reading } from '../host/reading.ts';
import { defineFact } from './fact.ts';
import { findProgram } from './program-path.ts';

const FLATPAK = '/var/lib/flatpak/app/org.virt_manager.virt-manager';

/** The path of virt-manager, as a package or as Flatpak; absent: not installed. */
export const virtManager = defineFact({
  id: 'virtManager',
  collect(host): Reading<string> {
    const program = findProgram(host, ['virt-manager']);
    if (program.state === 'ok') return program;
    const flatpak = host.stat(FLATPAK);
    return flatpak.state === 'ok' ? ok(FLATPAK) : program;
  },
});
