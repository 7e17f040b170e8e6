import { disksOf, isHardDisk } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { placeholderIn } from '../../../src/domain/placeholder.ts';
import { all, attribute, textAt } from '../../../src/domain/xml.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { NO_HOST } from '../../../src/facts/fact-error.ts';

/** Beyond these a list helps nobody. */
const MOST_FINDINGS = 20;

export default defineDomainRule({
  id: 'domain/machine/placeholders',
  title: 'No path is one that its author left to be filled in',
  severity: 'blocker',
  wantsHost: ['documentFiles', 'lintedDisks'],
  anyGuest: true,
  why: 'Shared definitions have paths such as /home/USER/ or /path/to/: libvirt refuses an emulator that is not there, and does not start a domain with an image or firmware that is not there.',
  sources: ['https://libvirt.org/formatdomain.html#devices', 'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms'],
  evaluate(document, facts) {
    const found = pathsOf(document, facts).flatMap(({ spot, path }) => {
      const placeholder = placeholderIn(path);
      return placeholder === null || isSeen(path, facts) ? [] : [{ spot, path, placeholder }];
    });
    if (found.length === 0) return passWithout(document, 'no path with a placeholder');
    return found.slice(0, MOST_FINDINGS).map(({ spot, path, placeholder }) =>
      failAt(document, spot, `${path.slice(0, 120)} is still to be filled in ('${placeholder}')`, {
        expected: 'the path of a file that is there',
        remedy: xmlRemedy(document, 'Write the path that it has on your host'),
      }),
    );
  },
});

type Facts = CheckFacts<never, 'documentFiles' | 'lintedDisks'>;

/** Whether a file is there is told by other rules where the host shows it; a recording shows little. */
function isSeen(path: string, { documentFiles, lintedDisks }: Facts): boolean {
  const file = documentFiles.ok ? documentFiles.value.get(path) : undefined;
  const image = lintedDisks.ok ? lintedDisks.value.sources.get(path) : undefined;
  return [file, image].some((one) => one !== undefined && one.stat.state !== 'unreadable');
}

interface NamedPath {
  readonly spot: Spot;
  readonly path: string;
}

/** Paths of files without which the domain does not start. */
function pathsOf(document: DomainDocument, { documentFiles }: Facts): readonly NamedPath[] {
  const { root } = document;
  const texts = [...all(root, 'devices', 'emulator'), ...all(root, 'os', 'loader'), ...all(root, 'os', 'nvram')];
  const hasHost = documentFiles.ok || documentFiles.error.reason !== NO_HOST;
  const roms = [...all(root, 'devices', 'hostdev', 'rom'), ...all(root, 'devices', 'interface', 'rom')];
  const disks = disksOf(document).filter((disk) => disk.startupPolicy === 'mandatory' || isHardDisk(disk));
  const started = [
    ...texts.flatMap((element) => named(element, textAt(element))),
    ...disks.flatMap(({ element, source, path }) => named(source ?? element, path)),
  ];
  // Those are looked for by other rules.
  if (hasHost) return started;
  return [
    ...started,
    ...roms.flatMap((element) => named({ element, attribute: 'file' }, attribute(element, 'file'))),
    ...all(root, 'devices', 'filesystem', 'source').flatMap((element) => named(element, attribute(element, 'dir'))),
  ];
}

function named(spot: Spot, path: string | null): readonly NamedPath[] {
  return path === null || path === '' ? [] : [{ spot, path }];
}
