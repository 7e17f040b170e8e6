import { windowsGuest } from '../../../src/domain/applies.ts';
import { setsOwnTopology } from '../../../src/domain/guest-cpu.ts';
import { guestTopology } from '../../../src/domain/guest-topology.ts';
import { vcpusOf } from '../../../src/domain/vcpus.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/cpu/topology',
  title: 'The vCPUs are cores of one processor',
  severity: 'major',
  why: 'Windows uses one socket in its Home edition and two in Pro; without a topology each vCPU is a socket, and Windows leaves all others idle.',
  sources: [
    'https://libvirt.org/formatdomain.html#cpu-model-and-topology',
    'https://blog.poly.nomial.co.uk/2022-04-07-cpu-socket-and-core-count-limits-in-windows-10-and-how-to-remove-them.html',
  ],
  applies: [windowsGuest],
  evaluate(document) {
    const { guest, root } = document;
    if (/^20\d\d/.test(guest.version ?? '')) return notApplicable(`Windows Server uses all sockets (${guest.because})`);
    if (setsOwnTopology(document)) return notApplicable('the topology is that of -smp on the QEMU command line');
    const { element: vcpu, max, enabled } = vcpusOf(document);
    if (Number.isNaN(max) || max === 0) return notApplicable('the number of vCPUs is not known (see domain/cpu/vcpu-count)');
    const topology = guestTopology(document);
    if (topology !== null && Number.isNaN(topology.product))
      return notApplicable('libvirt refuses the topology (see domain/cpu/topology-product)');
    // Of sockets whose vCPUs are not plugged in the guest sees nothing.
    const sockets = topology === null ? enabled.length : topology.levels.sockets;
    const spot = topology === null ? (vcpu ?? root) : { element: topology.element, attribute: 'sockets' };
    if (sockets === 1) return passAt(document, spot);
    const edition = sockets === 2 ? 'Windows Home uses one of them' : 'Windows uses two of them at most';
    return failAt(document, spot, `${topology === null ? 'without <topology> ' : ''}the guest sees ${sockets} processors, and ${edition}`, {
      expected: "sockets='1'",
      severity: sockets === 2 ? 'minor' : 'major',
      remedy: xmlRemedy(document, 'Make the vCPUs cores of one processor (passcheck pins chooses cores and threads for this host)', {
        inside: '<cpu>',
        write: `<topology sockets='1' dies='1' cores='${max}' threads='1'/>`,
      }),
    });
  },
});
