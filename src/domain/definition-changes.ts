import { deviceTraits } from './device-traits.ts';
import { inQemu } from './qemu-namespace.ts';
import { scaledBytes } from './scale.ts';
import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

/** One thing that a running domain has otherwise than its definition. */
export interface DefinitionChange {
  /** `memory`, `disk vda`, `PCI device 0000:01:00.0` … */
  readonly what: string;
  /** Null: the running domain does not have it. */
  readonly running: string | null;
  /** Null: the definition does not have it any more. */
  readonly next: string | null;
}

/** What libvirt adds by itself when it starts a domain: that a definition does not have it is no change. */
const ADDED_AT_START = new Set(['loader', 'NVRAM', 'feature smm', 'CPU cache']);

/**
 * What the next start of a domain will change: `running` is its live definition, `next` the persistent one, both as libvirt
 * prints them. Aliases, addresses, labels, ports and whatever else libvirt chooses at start are no change.
 */
export function definitionChanges(running: XmlElement, next: XmlElement): readonly DefinitionChange[] {
  const [now, then] = [traits(running), traits(next)];
  const names = [...new Set([...now.keys(), ...then.keys()])];
  return names
    .map((what) => ({ what, running: now.get(what) ?? null, next: then.get(what) ?? null }))
    .filter((change) => change.running !== change.next && !(change.next === null && ADDED_AT_START.has(change.what)));
}

/** What a definition says, by what it is about. */
function traits(domain: XmlElement): ReadonlyMap<string, string> {
  return new Map([
    ...machineTraits(domain),
    ...cpuTraits(domain),
    ...featureTraits(domain),
    ...timeTraits(domain),
    ...deviceTraits(first(domain, 'devices')),
  ]);
}

type Trait = [string, string];

function machineTraits(domain: XmlElement): Trait[] {
  const os = first(domain, 'os');
  const argumentsOfQemu = inQemu(domain, 'commandline').flatMap((line) =>
    inQemu(line, 'arg').map((item) => attribute(item, 'value') ?? ''),
  );
  return [
    ...trait('memory', memory(first(domain, 'memory'))),
    ...trait('memory backing', written(first(domain, 'memoryBacking'))),
    ...trait('NUMA memory', written(first(domain, 'numatune'))),
    ...trait('machine', attribute(first(os, 'type'), 'machine')),
    // Of a running domain libvirt before 9.2 drops that it chose the firmware.
    ...trait('firmware', attribute(os, 'firmware') === 'efi' || attribute(first(os, 'loader'), 'type') === 'pflash' ? 'UEFI' : 'BIOS'),
    ...trait('loader', textAt(os, 'loader')),
    ...trait('NVRAM', textAt(os, 'nvram')),
    ...trait('SMBIOS', attribute(first(os, 'smbios'), 'mode')),
    ...trait(
      'boot order',
      all(os, 'boot')
        .map((boot) => attribute(boot, 'dev'))
        .join(', '),
    ),
    ...trait('QEMU arguments', argumentsOfQemu.join(' ')),
    ...['on_poweroff', 'on_reboot', 'on_crash'].flatMap((event) => trait(event, textAt(domain, event))),
  ];
}

function cpuTraits(domain: XmlElement): Trait[] {
  const cpu = first(domain, 'cpu');
  const tune = first(domain, 'cputune');
  const mode = attribute(cpu, 'mode') ?? 'custom';
  // Of the other modes libvirt writes at start which model and features came out of it.
  const isHost = mode === 'host-passthrough' || mode === 'maximum';
  const features = isHost ? all(cpu, 'feature') : [];
  const vcpu = first(domain, 'vcpu');
  return [
    ...trait('vCPUs', attribute(vcpu, 'current') ?? textAt(vcpu)),
    ...trait('maximum of vCPUs', textAt(vcpu)),
    ...trait('I/O threads', textAt(domain, 'iothreads')),
    ...trait('CPU mode', isHost ? mode : 'a model'),
    ...trait('CPU topology', topology(first(cpu, 'topology'))),
    ...trait('CPU cache', attribute(first(cpu, 'cache'), 'mode')),
    ...features.flatMap((feature) => trait(`CPU feature ${attribute(feature, 'name') ?? ''}`, attribute(feature, 'policy'))),
    ...all(tune, 'vcpupin').flatMap((pin) => trait(`pin of vCPU ${attribute(pin, 'vcpu') ?? ''}`, attribute(pin, 'cpuset'))),
    ...all(tune, 'iothreadpin').flatMap((pin) => trait(`pin of I/O thread ${attribute(pin, 'iothread') ?? ''}`, attribute(pin, 'cpuset'))),
    ...trait('pin of the emulator', attribute(first(tune, 'emulatorpin'), 'cpuset')),
  ];
}

/** Written with all its levels or not. */
function topology(element: XmlElement | undefined): string | null {
  if (element === undefined) return null;
  return ['sockets', 'dies', 'clusters', 'cores', 'threads'].map((level) => `${attribute(element, level) ?? '1'} ${level}`).join(', ');
}

function featureTraits(domain: XmlElement): Trait[] {
  const features = first(domain, 'features');
  const nested = ['hyperv', 'kvm'].flatMap((group) =>
    (first(features, group)?.children ?? []).flatMap((child) => trait(`feature ${group} ${child.name}`, attribute(child, 'state') ?? 'on')),
  );
  const plain = (features?.children ?? [])
    .filter(({ name }) => !['hyperv', 'kvm'].includes(name))
    .flatMap((child) => trait(`feature ${child.name}`, attribute(child, 'state') ?? attribute(child, 'driver') ?? 'on'));
  return [...plain, ...nested];
}

function timeTraits(domain: XmlElement): Trait[] {
  const clock = first(domain, 'clock');
  const timers = all(clock, 'timer').flatMap((timer) =>
    trait(
      `timer ${attribute(timer, 'name') ?? ''}`,
      `present ${attribute(timer, 'present') ?? 'yes'}, ${attribute(timer, 'tickpolicy') ?? 'no'} tick policy`,
    ),
  );
  return [...trait('clock', attribute(clock, 'offset')), ...timers];
}

/** The same size in whatever unit. */
function memory(element: XmlElement | undefined): string | null {
  const bytes = scaledBytes(element?.text ?? null, attribute(element, 'unit'), 1024);
  return bytes === null ? null : `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}

/** An element with all that is in it, its attributes in order of their names. */
function written(element: XmlElement | undefined): string | null {
  if (element === undefined) return null;
  const attributes = Object.entries(element.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const inner = element.children.map((child) => written(child) ?? '').join('');
  return `<${element.name}${attributes.map(([name, value]) => ` ${name}='${value}'`).join('')}>${inner}`;
}

function trait(what: string, value: string | null): Trait[] {
  return value === null || value === '' ? [] : [[what, value]];
}
