import type { MeaningProblem } from '../../../config/yaml-text.ts';
import type { Spec, VmSpec } from '../model.ts';
import { repeated, vmsOf, wrongAt, wrongName } from './place.ts';

/** NetBIOS has no longer names. https://learn.microsoft.com/troubleshoot/windows-server/active-directory/naming-conventions-for-computer-domain-site-ou */
const MOST_OF_WINDOWS = 15;

/** What is wrong with the names that guests give themselves: that of the VM, unless told. */
export function wrongHostNames(spec: Spec): MeaningProblem[] {
  const all = vmsOf(spec).map(({ name, vm }) => ({ name, vm, hostname: vm.hostname ?? name }));
  return [
    ...all.flatMap(({ name, vm, hostname }) => {
      const complaint = vm.os.startsWith('windows') ? windowsComplaint(hostname) : null;
      return complaint === null ? [] : [atHostName(name, vm, complaint)];
    }),
    // Names of Windows, of DNS and of mDNS are the same in any case.
    ...repeated(all, ({ hostname }) => hostname.toLowerCase()).map(({ thing: { name, vm, hostname }, first }) =>
      atHostName(name, vm, `${hostname} is the host name of ${first.name}`),
    ),
  ];
}

function atHostName(name: string, { hostname }: VmSpec, complaint: string): MeaningProblem {
  if (hostname !== undefined) return wrongAt(['vms', name, 'hostname'], complaint);
  return wrongName(['vms', name], `${complaint}: give the VM a hostname of its own`);
}

function windowsComplaint(hostname: string): string | null {
  if (hostname.length > MOST_OF_WINDOWS)
    return `${hostname} is too long for a host name of Windows, which has at most ${MOST_OF_WINDOWS} characters`;
  if (!/^[A-Za-z0-9-]+$/.test(hostname) || hostname.endsWith('-'))
    return `${hostname} is no host name, which has letters, digits and - only`;
  return /^\d+$/.test(hostname) ? `${hostname} is no host name of Windows, which wants a letter in it` : null;
}
