import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook } from '../../../src/engine/outcome.ts';
import { hiddenFile } from '../machine-file.ts';

export default defineDomainRule({
  id: 'domain/machine/emulator',
  title: 'The emulator is there',
  severity: 'blocker',
  host: ['documentFiles'],
  wantsHost: ['qemu'],
  why: 'The emulator is the program that is the VM. libvirt refuses a domain whose emulator is not there: a definition from another distribution names another path.',
  sources: ['https://libvirt.org/formatdomain.html#devices'],
  evaluate(document, { documentFiles, qemu }) {
    const path = document.domain.emulator?.slice(0, 4096) ?? null;
    const element = first(document.root, 'devices', 'emulator');
    if (path === null || element === undefined) return [];
    const file = documentFiles.get(path);
    if (file === undefined) return couldNotLook(path, 'it is no absolute path', 'write the whole path of the emulator', 'major');
    const { stat } = file;
    if (stat.state === 'unreadable') return hiddenFile(path, stat);
    const isProgram = stat.state === 'ok' && stat.value.kind === 'file' && (stat.value.mode & 0o111) !== 0;
    if (isProgram) return passAt(document, element);
    const own = qemu.ok && qemu.value.system.state === 'ok' ? qemu.value.system.value.path : null;
    const what = stat.state === 'absent' ? 'is not there' : 'is no program';
    return failAt(document, element, `${path} ${what}`, {
      ...(own === null ? {} : { expected: own }),
      evidence: [
        { source: path, observed: stat.state === 'absent' ? 'not there' : `${stat.value.kind}, mode ${stat.value.mode.toString(8)}` },
      ],
      remedy: xmlRemedy(
        document,
        own === null ? 'Install what belongs there, or name another emulator' : `Name the emulator of this host`,
        {
          inside: '<devices>',
          write: `<emulator>${own ?? '/usr/bin/qemu-system-x86_64'}</emulator>`,
        },
      ),
    });
  },
});
