import type { XmlElement } from '../../domain/xml.ts';
import { el, type Tree } from '../tree.ts';
import { below, childrenOf, valueOf } from './item.ts';
import { chainOf } from './overlay.ts';
import { kindOf } from './values.ts';

type Spelling = (desired: Tree, live: XmlElement, isActive: boolean) => Tree;

/** Where libvirt says the same in more than one way, by path. */
const SPELLINGS: ReadonlyMap<string, Spelling> = new Map<string, Spelling>([
  ['domain', memoryAtHand],
  ['domain/os', resolvedFirmware],
  ['domain/cpu', expandedModel],
  ['domain/devices/disk', imageAtHand],
  ['domain/devices/graphics', listening],
  ['network/ip', netmask],
]);

/** What is wanted, in the words of what is there: where both mean the same, they say the same. Its children are not looked at. */
export function spelled(path: string, desired: Tree, live: XmlElement, isActive: boolean): Tree {
  return SPELLINGS.get(path)?.(desired, live, isActive) ?? desired;
}

/** A domain that runs has a number. */
export function isRunning(domain: XmlElement): boolean {
  return domain.name === 'domain' && valueOf(domain, 'id') !== null;
}

/**
 * `<currentMemory>` is libvirt's own, the size of the memory, and follows it; only what a person lowered stays. While the domain
 * runs, it is what the balloon left, and its memory was rounded up to whole MiB (qemuDomainAlignMemorySizes).
 */
function memoryAtHand(desired: Tree, live: XmlElement): Tree {
  const wanted = below(desired, 'memory');
  const bytes = sizeOf(wanted);
  const there = below(live, 'memory');
  const current = below(live, 'currentMemory');
  if (bytes === null || there === undefined || wanted === undefined) return desired;
  if (isRunning(live)) {
    const rounded = Math.ceil(bytes / MIB) * MIB === sizeOf(there);
    const kept = rounded ? replaced(desired, 'memory', copied(there)) : desired;
    return current === undefined ? kept : replaced(kept, 'currentMemory', copied(current));
  }
  const size = sizeOf(current);
  if (current === undefined || size === null || below(desired, 'currentMemory') !== undefined) return desired;
  const follows = size === sizeOf(there) || size > bytes;
  return follows ? with_(desired, { ...wanted, name: 'currentMemory' }) : desired;
}

const MIB = 1024 * 1024;

function sizeOf(element: Tree | XmlElement | undefined): number | null {
  if (element === undefined) return null;
  return kindOf('domain/memory').bytes?.((element.text ?? '').trim(), valueOf(element, 'unit')) ?? null;
}

/**
 * `firmware='efi'` asks libvirt to choose. The running domain has what was chosen instead (all of libvirt ≤ 9.1), and so have
 * domains for which a person chose: it is what was asked for when Secure Boot is, or is not, in both.
 */
function resolvedFirmware(given: Tree, live: XmlElement): Tree {
  // libvirt does not keep a loader of which nothing is said.
  const desired: Tree = { ...given, children: given.children.filter((child) => child.name !== 'loader' || saysSomething(child)) };
  const loader = below(live, 'loader');
  const isChosen = valueOf(live, 'firmware') === null && valueOf(loader, 'type') === 'pflash' && loader?.text.trim() !== '';
  if (valueOf(desired, 'firmware') !== 'efi' || !isChosen) return desired;
  const features = childrenOf(below(desired, 'firmware'), 'feature');
  const feature = features.find((one) => valueOf(one, 'name') === 'secure-boot');
  const wanted = valueOf(feature, 'enabled') ?? valueOf(below(desired, 'loader'), 'secure');
  if (wanted !== null && wanted !== (valueOf(loader, 'secure') ?? 'no')) return desired;
  const { firmware: _firmware, ...attributes } = desired.attributes;
  const block = below(live, 'firmware');
  const kept = { ...desired, attributes, children: desired.children.filter(({ name }) => name !== 'firmware') };
  return block === undefined ? kept : with_(kept, copied(block));
}

function saysSomething({ attributes, text }: Tree): boolean {
  return Object.keys(attributes).length > 0 || (text ?? '') !== '';
}

/** The CPU of a running domain was checked against the host, and `host-model` has become the model of the host. */
function expandedModel(desired: Tree, live: XmlElement): Tree {
  const { attributes } = desired;
  if (valueOf(live, 'check') !== 'full') return desired;
  const isExpanded = attributes.mode === 'host-model' && valueOf(live, 'mode') === 'custom';
  const checked = valueOf(desired, 'check') === null ? attributes : { ...attributes, check: 'full' };
  return { ...desired, attributes: isExpanded ? { ...checked, mode: 'custom' } : checked };
}

function imageAtHand(desired: Tree, live: XmlElement, isActive: boolean): Tree {
  const source = below(live, 'source');
  const isEmpty = valueOf(source, 'file') === null && valueOf(source, 'dev') === null;
  return isActive && isEmpty && valueOf(desired, 'device') === 'cdrom' ? withoutImage(desired, live) : overlay(desired, live);
}

/** The guest ejects a CD when it likes, and starts without an image that is not there (`startupPolicy`). */
function withoutImage(desired: Tree, live: XmlElement): Tree {
  const children = desired.children.flatMap((child) => {
    if (child.name !== 'source' && child.name !== 'driver') return [child];
    const there = below(live, child.name);
    return there === undefined ? [] : [copied(there)];
  });
  return { ...desired, children };
}

/** After an external snapshot the domain writes to an image that is built on the one that is wanted: it has to go on with that. */
function overlay(desired: Tree, live: XmlElement): Tree {
  const file = valueOf(below(desired, 'source'), 'file');
  const [top, ...base] = chainOf(live);
  const source = below(live, 'source');
  if (file === null || source === undefined || top === file || !base.includes(file)) return desired;
  const driver = below(desired, 'driver');
  const format = valueOf(below(live, 'driver'), 'type');
  const kept = { ...replaced(desired, 'source', copied(source)), attributes: { ...desired.attributes, ...typeOf(live) } };
  if (driver === undefined || format === null) return kept;
  return replaced(kept, 'driver', { ...driver, attributes: { ...driver.attributes, type: format } });
}

function typeOf(live: XmlElement): Readonly<Record<string, string>> {
  const type = valueOf(live, 'type');
  return type === null ? {} : { type };
}

/** libvirt writes the address both as `listen=` and as `<listen>`, and takes only the same in both. */
function listening(desired: Tree, live: XmlElement): Tree {
  const given = valueOf(desired, 'listen');
  const child = below(desired, 'listen');
  const address = valueOf(child, 'address');
  // -1 is a port that is chosen at the start.
  const port = valueOf(desired, 'port') === '-1' && valueOf(live, 'autoport') === 'yes' ? valueOf(live, 'port') : null;
  const here = port === null ? desired : { ...desired, attributes: { ...desired.attributes, port } };
  if (given !== null && child === undefined && below(live, 'listen') !== undefined)
    return with_(here, el('listen', { type: 'address', address: given }));
  if (address === null || valueOf(live, 'listen') === null) return here;
  return { ...here, attributes: { ...here.attributes, listen: given ?? address } };
}

/** A network has a netmask or a prefix, never both. */
function netmask(desired: Tree, live: XmlElement): Tree {
  const wanted = prefixOf(desired);
  const isMask = valueOf(live, 'netmask') !== null;
  if (wanted === null || (!isMask && valueOf(live, 'prefix') === null)) return desired;
  const { netmask: _netmask, prefix: _prefix, ...others } = desired.attributes;
  return { ...desired, attributes: { ...others, ...(isMask ? { netmask: maskOf(wanted) } : { prefix: String(wanted) }) } };
}

function prefixOf(item: Tree): number | null {
  const prefix = valueOf(item, 'prefix');
  if (prefix !== null) return /^\d{1,2}$/.test(prefix) && Number(prefix) <= 32 ? Number(prefix) : null;
  const parts = (valueOf(item, 'netmask') ?? '').split('.');
  const bits = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part).toString(2).padStart(8, '0') : 'x')).join('');
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.indexOf('0') % 33 : null;
}

function maskOf(prefix: number): string {
  const bits = '1'.repeat(prefix).padEnd(32, '0');
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.');
}

function with_(tree: Tree, child: Tree): Tree {
  return { ...tree, children: [...tree.children, child] };
}

/** With another child in the place of the one of its name; without one, it stays as it is. */
function replaced(tree: Tree, name: string, child: Tree): Tree {
  return { ...tree, children: tree.children.map((one) => (one.name === name ? child : one)) };
}

/** An element of libvirt's own as it is. */
function copied(element: XmlElement): Tree {
  const children = element.children.filter(({ namespace }) => namespace === '').map(copied);
  return { name: element.name, attributes: { ...element.attributes }, text: children.length === 0 ? element.text : null, children };
}
