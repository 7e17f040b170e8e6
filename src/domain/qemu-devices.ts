import type { DomainDocument } from './document.ts';
import { perRoot } from './per-root.ts';
import { inQemu } from './qemu-namespace.ts';
import { attribute, type XmlElement } from './xml.ts';

/** A device that arguments for QEMU add behind libvirt's back: `-device vfio-pci,host=01:00.0`. */
export interface QemuDevice {
  /** The `<qemu:arg>` with its properties. */
  readonly element: XmlElement;
  /** The argument before it: `-device`. */
  readonly option: XmlElement;
  /** `vfio-pci`; null when the argument does not say. */
  readonly driver: string | null;
  readonly properties: ReadonlyMap<string, string>;
}

type Root = Pick<DomainDocument, 'root'>;

/** The arguments that `<qemu:commandline>` adds, in their order. */
export function qemuArgumentElements({ root }: Root): readonly XmlElement[] {
  return inQemu(root, 'commandline').flatMap((line) => inQemu(line, 'arg'));
}

/** The values of an option of QEMU (`-device`, `-set`, `-global`), with the elements of both. */
export function qemuOptions(document: Root, name: string): readonly { option: XmlElement; element: XmlElement; value: string }[] {
  const elements = qemuArgumentElements(document);
  return elements.flatMap((element, index) => {
    const option = elements[index - 1];
    const value = attribute(element, 'value');
    // QEMU takes `--device` too.
    const isOption = option !== undefined && attribute(option, 'value')?.replace(/^--?/, '') === name;
    return isOption && value !== null ? [{ option, element, value }] : [];
  });
}

/** The devices among them, in both syntaxes of QEMU. */
export const qemuDevices = perRoot((root): readonly QemuDevice[] =>
  qemuOptions({ root }, 'device').map(({ option, element, value }) => {
    const properties = parseQemuProperties(value);
    return { element, option, driver: properties.get('driver') ?? null, properties };
  }),
);

/**
 * The properties of a device: `vfio-pci,host=01:00.0,x-vga=on`, where `,,` is a comma, or JSON. The first word is the driver.
 * Text that is neither gives no properties.
 */
export function parseQemuProperties(text: string): ReadonlyMap<string, string> {
  const trimmed = text.trim().slice(0, 4096);
  if (trimmed.startsWith('{')) return fromJson(trimmed);
  const found = new Map<string, string>();
  const words = trimmed.replaceAll(',,', '\0').split(',');
  for (const [index, word] of words.entries()) {
    const plain = word.replaceAll('\0', ',');
    const at = plain.indexOf('=');
    if (at > 0) found.set(plain.slice(0, at).trim(), plain.slice(at + 1));
    else if (index === 0 && plain !== '') found.set('driver', plain);
  }
  return found;
}

function fromJson(text: string): ReadonlyMap<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new Map();
  }
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, one]: [string, unknown]): [string, string][] => {
      if (typeof one === 'boolean') return [[name, one ? 'on' : 'off']];
      return typeof one === 'string' || typeof one === 'number' ? [[name, String(one)]] : [];
    }),
  );
}

/** Is a switch of QEMU on? `on`, `yes`, `true` and `y` are. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(?:on|yes|true|y)$/i.test(value);
}
