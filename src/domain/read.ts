import { devicesOf } from './devices.ts';
import type { Domain } from './model.ts';
import { inQemu } from './qemu-namespace.ts';
import { scaledBytes } from './scale.ts';
import { DomainXmlError } from './xml-error.ts';
import { all, attribute, first, parseXml, textAt, type XmlElement } from './xml.ts';

const START = { line: 1, column: 1 };

/**
 * Reads a domain definition: a `<domain>`, or the `<domstatus>` that libvirt keeps of a running one. Throws a
 * {@link DomainXmlError} when it is not well-formed or has no name. https://libvirt.org/formatdomain.html
 */
export function readDomain(xml: string): Domain {
  const root = parseXml(xml);
  const domain = root.name === 'domstatus' ? first(root, 'domain') : root;
  if (domain?.name !== 'domain') throw new DomainXmlError(`the element is <${root.name.slice(0, 64)}>, not <domain>`, START);
  const read = domainOf(domain);
  if (read.name === '') throw new DomainXmlError('the domain has no <name>', START);
  return read;
}

/** What host checks need of a parsed `<domain>`; the name is empty where there is none. */
export function domainOf(domain: XmlElement): Domain {
  return {
    name: first(domain, 'name')?.text ?? '',
    uuid: textAt(domain, 'uuid'),
    memoryKiB: memoryKiB(domain),
    vcpus: Number(/^\d{1,6}$/.exec(textAt(domain, 'vcpu') ?? '')?.[0] ?? 1),
    hugepages: hugepages(domain),
    memoryNodes: memoryNodes(domain),
    ...firmware(domain),
    ...devicesOf(domain),
    vcpuPins: all(domain, 'cputune', 'vcpupin').flatMap((pin) => {
      const vcpu = attribute(pin, 'vcpu');
      return vcpu !== null && /^\d{1,6}$/.test(vcpu) ? [{ vcpu: Number(vcpu), cpus: attribute(pin, 'cpuset') ?? '' }] : [];
    }),
    emulatorPin: attribute(first(domain, 'cputune', 'emulatorpin'), 'cpuset'),
    qemuArguments: qemuArguments(domain),
  };
}

/** Without `<memory>` libvirt adds the guest's NUMA cells up. */
function memoryKiB(domain: XmlElement): number {
  const memory = first(domain, 'memory');
  const written = scaledBytes(memory?.text ?? null, attribute(memory, 'unit'), 1024);
  if (written !== null) return Math.ceil(written / 1024);
  const cells = all(domain, 'cpu', 'numa', 'cell').map(
    (cell) => scaledBytes(attribute(cell, 'memory'), attribute(cell, 'unit'), 1024) ?? 0,
  );
  return Math.ceil(cells.reduce((sum, bytes) => sum + bytes, 0) / 1024);
}

function hugepages(domain: XmlElement): Domain['hugepages'] {
  const asked = first(domain, 'memoryBacking', 'hugepages');
  if (asked === undefined) return null;
  const pages = all(asked, 'page').map((page) => {
    const bytes = scaledBytes(attribute(page, 'size'), attribute(page, 'unit'), 1024);
    return { sizeKiB: bytes === null ? null : Math.ceil(bytes / 1024), nodes: attribute(page, 'nodeset') };
  });
  return pages.length === 0 ? [{ sizeKiB: null, nodes: null }] : pages;
}

/** `strict` is the default mode; `preferred` and `interleave` restrict nothing when the node is full. */
function memoryNodes(domain: XmlElement): string | null {
  const memory = first(domain, 'numatune', 'memory');
  return (attribute(memory, 'mode') ?? 'strict') === 'strict' ? attribute(memory, 'nodeset') : null;
}

function firmware(domain: XmlElement): Pick<Domain, 'firmware' | 'loader' | 'nvramTemplate' | 'secureBoot'> {
  const os = first(domain, 'os');
  const element = first(os, 'loader');
  const loader = textAt(element);
  const isFlash = attribute(element, 'type') === 'pflash';
  // SEV guests have a stateless UEFI that is mapped as ROM.
  const isUefiRom = loader !== null && /ovmf|edk2|uefi/i.test(loader);
  const isUefi = attribute(os, 'firmware') === 'efi' || isFlash || isUefiRom;
  return {
    firmware: isUefi ? 'efi' : 'bios',
    loader,
    nvramTemplate: attribute(first(os, 'nvram'), 'template'),
    secureBoot: secureBoot(os),
  };
}

function secureBoot(os: XmlElement | undefined): boolean | null {
  const feature = all(os, 'firmware', 'feature').find((candidate) => attribute(candidate, 'name') === 'secure-boot');
  const asked = attribute(feature, 'enabled') ?? attribute(first(os, 'loader'), 'secure');
  return asked === null ? null : asked === 'yes';
}

function qemuArguments(domain: XmlElement): string[] {
  return inQemu(domain, 'commandline').flatMap((line) => inQemu(line, 'arg').flatMap((argument) => attribute(argument, 'value') ?? []));
}
