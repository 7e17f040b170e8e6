import type { DomainDocument } from '../../../src/domain/document.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome } from '../../../src/engine/outcome.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import { driveName, judgeSources, type Placed } from '../storage-source.ts';

export default defineDomainRule({
  id: 'domain/storage/backing-file',
  title: 'Every image that another one is built on is there',
  severity: 'blocker',
  host: ['lintedDisks'],
  why: 'A snapshot or a linked clone holds only the changes: without the image below it the domain does not start.',
  sources: ['https://www.qemu.org/docs/master/interop/qcow2.html', 'https://libvirt.org/kbase/backing_chains.html'],
  evaluate(document, { lintedDisks }) {
    return judgeSources(document, lintedDisks, (placed) => judge(document, placed));
  },
});

function judge(document: DomainDocument, { disk, path, spot, source }: Placed): readonly Outcome[] {
  // A chain in the definition counts, and not what the image says.
  if (source.backing.length === 0 || first(disk.element, 'backingStore') !== undefined) return [];
  const missing = source.backing.find(({ stat }) => stat.state === 'absent');
  if (missing !== undefined) {
    const above = source.backing[source.backing.indexOf(missing) - 1]?.path ?? path;
    return [
      failAt(document, spot, `${driveName(disk)} is built on ${missing.path.slice(-160)}, which is not there`, {
        evidence: [{ source: missing.path, observed: 'not there' }],
        remedy: {
          summary: 'Put the image back, or tell the one above where it is now',
          steps: [{ run: `qemu-img info --backing-chain ${shellWord(above)}` }],
        },
      }),
    ];
  }
  const hidden = source.backing.flatMap(({ stat, path: at }) => (stat.state === 'unreadable' ? [{ at, detail: stat.detail }] : []))[0];
  if (hidden !== undefined) return [couldNotLook(hidden.at, hidden.detail, 'run passcheck as root')];
  return [passAt(document, spot, `built on ${source.backing.length} more, all there`)];
}
