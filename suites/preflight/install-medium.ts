import { couldNotCollect, couldNotLook, fail, notApplicable, type Outcome, pass, type Remedy } from '../../src/engine/outcome.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { hintAboutList } from '../../src/facts/file-access.ts';
import { type IsoImage, type MediumRole, roleOf } from '../../src/facts/iso-image.ts';
import { type Media, type Medium, PROXMOX_FOLDER } from '../../src/facts/media.ts';
import type { QemuConf } from '../../src/facts/qemu-conf.ts';
import { confText } from '../../src/libvirt/conf.ts';
import { shellWord } from '../../src/remedy/shell-word.ts';

/** What one of the two install media must be. */
export interface MediumSpec {
  readonly role: Exclude<MediumRole, 'other'>;
  /** `Windows`, `virtio-win` */
  readonly name: string;
  /** The smallest image that can be the real thing, bytes. */
  readonly minBytes: number;
  readonly download: string;
}

/** With the folder that images belong into. */
interface Wanted extends MediumSpec {
  readonly folder: Media['folder'];
}

/** Tools count the 150 sectors behind the data that a disc needs, and some leave them out of the file. */
const PADDING_BYTES = 150 * 2048;

/** What the judgement needs besides the media: may libvirt hand the file to QEMU's user? */
export interface MediumFacts {
  readonly media: Media;
  readonly qemuConf: Attempt<QemuConf>;
}

/** Judges the image that is named for this role; where nobody names one, the best of those that lie in libvirt's folder. */
export function judgeMedium(wanted: MediumSpec, facts: MediumFacts): Outcome {
  const { media } = facts;
  const spec: Wanted = { ...wanted, folder: media.folder };
  const mine = (images: readonly Medium[]): Medium[] => images.filter(({ role }) => role === spec.role);
  const configured = mine(media.configured);
  const named = configured.length > 0 ? configured : mine(media.inserted.map(guessMissing));
  if (named.length > 0) return worst(named.map((one) => judgeImage(spec, one, facts)));
  const installed = installedDomains(media);
  if (installed.length > 0) {
    return notApplicable(`${installed.join(', ')}: no ${spec.name} image in a CD-ROM drive, so it counts as installed`);
  }
  return judgeStored(spec, facts, mine(media.stored.state === 'ok' ? media.stored.value : []));
}

/** An image that is gone and whose name tells nothing is most likely the one that Windows was to be installed from. */
function guessMissing(medium: Medium): Medium {
  return medium.role === 'other' && medium.stat.state === 'absent' ? { ...medium, role: 'windows' } : medium;
}

/** While the Windows image is in a drive, the guest is not installed yet. */
function installedDomains({ domains, inserted }: Media): readonly string[] {
  if (!domains.ok || inserted.map(guessMissing).some(({ role }) => role === 'windows')) return [];
  return domains.value;
}

function judgeStored(spec: Wanted, facts: MediumFacts, stored: readonly Medium[]): Outcome {
  const { media } = facts;
  const outcomes = stored.map((medium) => judgeImage(spec, medium, facts));
  const best = outcomes.find(({ status }) => status === 'pass') ?? outcomes[0];
  if (best !== undefined) return best;
  if (media.stored.state === 'unreadable') return couldNotLook(media.folder, media.stored.detail, name(spec));
  if (!media.domains.ok) return couldNotLook(media.domains.error.source, media.domains.error.reason, name(spec));
  // Its VMs are not read: the guest may be installed, and the images in another storage.
  if (media.folder === PROXMOX_FOLDER) return notApplicable(`no ${spec.name} image in ${media.folder}, and passcheck.yaml names none`);
  const found = media.stored.state === 'ok' ? media.stored.value.map(({ path }) => path.slice(media.folder.length + 1)) : [];
  return fail(`there is no ${spec.name} image`, {
    evidence: [{ source: media.folder, observed: found.join(', ') || 'no .iso file', expected: `a ${spec.name} image` }],
    remedy: download(spec),
  });
}

function name({ role }: Wanted): string {
  return `name the image in passcheck.yaml, under media: ${role}`;
}

function worst(outcomes: readonly Outcome[]): Outcome {
  const order = ['fail', 'unknown', 'pass', 'not-applicable'];
  const [first] = outcomes.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return first ?? notApplicable('there is no image');
}

function judgeImage(spec: Wanted, medium: Medium, facts: MediumFacts): Outcome {
  const { path, source, stat, image } = medium;
  if (stat.state === 'absent') {
    return fail(`${path}, which ${source} names, is not there`, {
      evidence: [{ source: path, observed: 'not there', expected: `the ${spec.name} image` }],
      remedy: download(spec),
    });
  }
  if (stat.state === 'ok' && stat.value.kind.endsWith('-device')) return notApplicable(`${path} is a drive`);
  const obstacle = judgeReach(medium, facts);
  // What QEMU cannot reach, passcheck may not see either: say the stronger.
  if (obstacle?.status === 'fail') return obstacle;
  if (stat.state !== 'ok') return couldNotLook(path, stat.detail, 'run passcheck as root');
  if (stat.value.kind === 'directory') return notAnImage(spec, path, 'a folder');
  if (image.state !== 'ok') return couldNotLook(path, image.state === 'absent' ? 'it vanished' : image.detail, 'run passcheck as root');
  return judgeContent(spec, path, image.value, stat.value.size) ?? obstacle ?? pass(...contents(path, image.value, stat.value.size));
}

function judgeContent(spec: Wanted, path: string, image: IsoImage, size: number): Outcome | null {
  if (image.kind === 'page') return notAnImage(spec, path, 'a web page (the download link had expired, or asked for a login)');
  if (size === 0) return notAnImage(spec, path, 'empty');
  if (image.kind === 'other') return notAnImage(spec, path, `no ISO image (${inMiB(size)}, no CD001 or NSR0 in its descriptors)`);
  const { declaredBytes, label } = image;
  const [evidence] = contents(path, image, size);
  if (declaredBytes !== null && declaredBytes - size > PADDING_BYTES) {
    return fail(`${path} is cut off: ${inMiB(size)} of ${inMiB(declaredBytes)}`, {
      evidence: [{ ...evidence, expected: `${inMiB(declaredBytes)}, by its volume descriptors` }],
      remedy: download(spec),
    });
  }
  const role = label === null ? spec.role : roleOf('', label);
  if (role !== 'other' && role !== spec.role) {
    return fail(`${path} is a ${role === 'virtio' ? 'virtio-win' : 'Windows'} image`, {
      evidence: [{ ...evidence, expected: `the ${spec.name} image` }],
      remedy: download(spec),
    });
  }
  if (size >= spec.minBytes) return null;
  return fail(`${path} is too small to be the ${spec.name} image: ${inMiB(size)}`, {
    evidence: [{ ...evidence, expected: `at least ${inMiB(spec.minBytes)}` }],
    remedy: download(spec),
  });
}

function contents(path: string, { label }: IsoImage, size: number) {
  return [{ source: path, observed: `${inMiB(size)}, label ${label ?? 'none'}` }] as const;
}

function judgeReach({ path, reach }: Medium, { media: { user, folder }, qemuConf }: MediumFacts): Outcome | null {
  if (!user.ok) return couldNotCollect(user.error, 'run passcheck as root');
  if (user.value === null || reach === null || reach.state === 'reachable') return null;
  const who = user.value.name;
  if (reach.state === 'unknown') return couldNotLook(reach.at, reach.reason, hintAboutList(reach, `may ${who} pass?`));
  const { mode, uid, gid } = reach.stat;
  const isFile = reach.at === path;
  if (isFile && (mode & 0o400) !== 0) {
    // libvirt gives the file to QEMU's user at start, unless dynamic_ownership is off.
    if (!qemuConf.ok) return couldNotLook(qemuConf.error.source, qemuConf.error.reason, 'run passcheck as root');
    if (confText(qemuConf.value, 'dynamic_ownership') !== '0') return null;
  }
  const permission = isFile ? 'r' : 'x';
  return fail(`${who}, whom QEMU runs as, may not ${isFile ? 'read' : 'pass'} ${reach.at}`, {
    evidence: [{ source: reach.at, observed: `owner ${uid}:${gid}, mode ${mode.toString(8)}`, expected: `${permission} for ${who}` }],
    remedy: {
      summary: `Move the image to ${folder}, or let ${who} through`,
      steps: [{ run: `setfacl -m ${shellWord(`u:${who}:${permission}`)} ${shellWord(reach.at)}` }],
    },
  });
}

function notAnImage(spec: Wanted, path: string, what: string): Outcome {
  return fail(`${path} is ${what}`, {
    evidence: [{ source: path, observed: what, expected: `the ${spec.name} image` }],
    remedy: download(spec),
  });
}

function download({ name: what, download: from, role, folder }: Wanted): Remedy {
  return {
    summary: `Download the ${what} image, or name the one you have in passcheck.yaml (media: ${role})`,
    steps: from.endsWith('.iso')
      ? [{ run: `curl --create-dirs --location --output ${folder}/${from.slice(from.lastIndexOf('/') + 1)} ${from}` }]
      : [{ text: `download it from ${from} into ${folder}` }],
  };
}

function inMiB(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MiB`;
}
