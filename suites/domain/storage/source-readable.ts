import type { DomainDocument } from '../../../src/domain/document.ts';
import { all, attribute, type XmlElement } from '../../../src/domain/xml.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, couldNotLook, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { hintAboutList } from '../../../src/facts/file-access.ts';
import type { ImageFile } from '../../../src/facts/linted-disks.ts';
import { confText } from '../../../src/libvirt/conf.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import { driveName, judgeSources, type Placed } from '../storage-source.ts';

type Facts = CheckFacts<'lintedDisks', 'qemuConf' | 'config'>;

export default defineDomainRule({
  id: 'domain/storage/source-readable',
  title: 'QEMU can come to every image of the definition',
  severity: 'blocker',
  host: ['lintedDisks'],
  wantsHost: ['qemuConf', 'config'],
  why: 'QEMU runs as a user of its own: an image in a folder that this user may not pass, such as a home, keeps the domain from starting.',
  sources: [
    'https://libvirt.org/drvqemu.html#posix-users-groups',
    'https://wiki.libvirt.org/Failed_to_start_domain_permission_denied.html',
  ],
  evaluate(document, facts) {
    const { user } = facts.lintedDisks;
    if (!user.ok) return couldNotCollect(user.error, 'run passcheck as root');
    if (user.value === null) return notApplicable('this host has no user for QEMU: libvirt is not installed');
    // A label of its own says whom QEMU runs as.
    if (all(document.root, 'seclabel').some((label) => attribute(label, 'model') === 'dac')) {
      return notApplicable('the definition has a <seclabel> of the model dac: QEMU runs as the user that it names');
    }
    const { name } = user.value;
    return judgeSources(document, facts.lintedDisks, (placed) => {
      const outcomes = [placed.source, ...placed.source.backing].map((file) => judge(document, { placed, file, name }, facts));
      const bad = outcomes.filter((outcome) => outcome !== null);
      if (bad.length > 0) return bad;
      return placed.source.stat.state === 'absent' ? [] : [passAt(document, placed.spot)];
    });
  },
});

interface Question {
  readonly placed: Placed;
  /** The image, or one that it is built on. */
  readonly file: ImageFile;
  readonly name: string;
}

/** Null when nothing is in the way. */
function judge(document: DomainDocument, { placed, file, name }: Question, facts: Facts): Outcome | null {
  const { reach, path } = file;
  if (reach === null || reach.state === 'reachable') return null;
  if (reach.state === 'unknown') return couldNotLook(reach.at, reach.reason, hintAboutList(reach, `may ${name} pass?`));
  const isFile = reach.at === path;
  if (isFile) {
    const handsOver = keepsOwner(placed.spot) ? false : libvirtHandsOver(facts);
    if (handsOver === true) return null;
    // Hardly anybody turns it off: not to know is no reason to doubt the whole verdict.
    if (handsOver !== false) return couldNotLook(handsOver.source, handsOver.reason, 'run passcheck as root', 'minor');
  }
  const { mode, uid, gid } = reach.stat;
  const permission = isFile ? 'r' : 'x';
  return failAt(
    document,
    placed.spot,
    `${name}, whom QEMU runs as, may not ${isFile ? 'read' : 'pass'} ${reach.at.slice(-160)} (${driveName(placed.disk)})`,
    {
      evidence: [{ source: reach.at, observed: `owner ${uid}:${gid}, mode ${mode.toString(8)}`, expected: `${permission} for ${name}` }],
      remedy: {
        summary: `Move the image to /var/lib/libvirt/images, or let ${name} through`,
        steps: [{ run: `setfacl -m ${shellWord(`u:${name}:${permission}`)} ${shellWord(reach.at)}` }],
      },
    },
  );
}

/** `<seclabel relabel='no'/>` at the source: libvirt leaves this image as it is. */
function keepsOwner(source: XmlElement): boolean {
  return all(source, 'seclabel').some((label) => attribute(label, 'relabel') === 'no' && (attribute(label, 'model') ?? 'dac') === 'dac');
}

/** libvirt gives each image to QEMU's user at start, unless dynamic_ownership is off; a session has no right to. */
function libvirtHandsOver({ qemuConf, config }: Facts): boolean | { readonly source: string; readonly reason: string } {
  if (config.ok && config.value.connection === 'qemu:///session') return false;
  if (!qemuConf.ok) return qemuConf.error;
  return confText(qemuConf.value, 'dynamic_ownership') !== '0';
}
