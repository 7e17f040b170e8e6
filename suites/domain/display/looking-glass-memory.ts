import { usesLookingGlass } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { isForLookingGlass, type Shmem, shmems } from '../../../src/domain/shmem.ts';
import { readPciAddress } from '../../../src/domain/pci-address.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { lookingGlassMemories } from '../display-looking-glass.ts';

export default defineDomainRule({
  id: 'domain/display/looking-glass-memory',
  title: 'Looking Glass has one shared memory, and no other program takes its place',
  severity: 'major',
  applies: [usesLookingGlass],
  why: 'The application in the guest opens the first shared-memory device that it finds: with two, client and guest can look at different ones, and the client waits for ever.',
  sources: ['https://looking-glass.io/docs/B7/ivshmem_kvmfr/', 'https://github.com/gnif/LookingGlass/blob/master/doc/audio.rst'],
  evaluate(document) {
    const [memory, ...others] = lookingGlassMemories(document);
    if (memory === undefined) return [];
    const doubled = others.map((other) =>
      failAt(document, other.element, `Looking Glass has ${others.length + 1} shared memories: ${memory.path}, and ${other.path} here`, {
        evidence: [seenAt(document, memory.element)],
        remedy: xmlRemedy(document, 'Keep one of them: kvmfr where the module is loaded, for it is faster, else <shmem>'),
      }),
    );
    const foreign = judgeForeign(document);
    return doubled.length + foreign.length > 0 ? [...doubled, ...foreign] : passAt(document, memory.element);
  },
});

/** Scream shares memory, too, and its device looks the same to the guest. */
function judgeForeign(document: DomainDocument): Outcome[] {
  const own = shmems(document).find(isForLookingGlass);
  return shmems(document)
    .filter((shmem) => !isForLookingGlass(shmem) && !comesLater(shmem, own))
    .map(({ element, name }) =>
      failAt(
        document,
        element,
        `the guest sees the shared memory ${name.slice(0, 60) || 'without a name'} as a device of the same kind as that of Looking Glass`,
        {
          remedy: xmlRemedy(
            document,
            'Take it away where you can (audio goes through SPICE), else tell the application in the guest which one is its own: os:shmDevice in looking-glass-host.ini',
          ),
          severity: 'minor',
        },
      ),
    );
}

/** On one bus Windows counts the devices by slot, and the application takes the first. */
function comesLater({ element }: Shmem, own: Shmem | undefined): boolean {
  const other = readPciAddress(first(element, 'address'));
  const mine = readPciAddress(first(own?.element, 'address'));
  return other !== null && mine !== null && other.domain === mine.domain && other.bus === mine.bus && other.slot > mine.slot;
}
