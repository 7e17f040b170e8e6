import type { DomainDocument } from './document.ts';
import { perRoot } from './per-root.ts';
import { inQemu } from './qemu-namespace.ts';
import { parseQemuOption, type QemuOption } from './qemu-option.ts';
import { attribute, type XmlElement } from './xml.ts';

/** A device that arguments for QEMU add behind libvirt's back: `-device vfio-pci,host=01:00.0`. */
export interface QemuDevice {
  /** The `<qemu:arg>` with its properties. */
  readonly element: XmlElement;
  /** `vfio-pci`; null when the argument does not say. */
  readonly driver: string | null;
  /** As QEMU writes them on its command line; a switch is `on` or `off`. */
  readonly properties: ReadonlyMap<string, string>;
}

type Root = Pick<DomainDocument, 'root'>;

/** The arguments that `<qemu:commandline>` adds, in their order. */
export function qemuArgumentElements({ root }: Root): readonly XmlElement[] {
  return inQemu(root, 'commandline').flatMap((line) => inQemu(line, 'arg'));
}

/** The values of an option of QEMU (`device`, `set`, `global`), each with its element. */
export function qemuOptions(document: Root, name: string): readonly { readonly element: XmlElement; readonly value: string }[] {
  const elements = qemuArgumentElements(document);
  return elements.flatMap((element, index) => {
    const option = elements[index - 1];
    const value = attribute(element, 'value');
    // QEMU takes `--device` too.
    const isOption = option !== undefined && attribute(option, 'value')?.replace(/^--?/, '') === name;
    return isOption && value !== null ? [{ element, value }] : [];
  });
}

/** The devices among them, in both syntaxes of QEMU; text that is neither is left out. */
export const qemuDevices = perRoot((root): readonly QemuDevice[] =>
  qemuOptions({ root }, 'device').flatMap(({ element, value }) => {
    const option = parseQemuOption(value);
    return option === null ? [] : [{ element, driver: option.kind, properties: textsOf(option) }];
  }),
);

function textsOf({ values }: QemuOption): ReadonlyMap<string, string> {
  return new Map(
    [...values].map(([name, value]): [string, string] => [name, typeof value === 'boolean' ? SWITCH[`${value}`] : String(value)]),
  );
}

const SWITCH = { true: 'on', false: 'off' } as const;
