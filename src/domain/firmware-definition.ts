import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

/** What a definition says of its firmware: `<os firmware=>`, `<loader>`, `<nvram>` and `<firmware>`. */
export interface FirmwareDefinition {
  readonly os: XmlElement | undefined;
  /** `firmware='efi'` or `'bios'`: libvirt chooses the files, or fills in what is missing of them. Null: it does not. */
  readonly chosenBy: string | null;
  readonly loader: XmlElement | undefined;
  /** Path of the loader; null when none is written. */
  readonly path: string | null;
  /** `pflash`, or `rom`, which is what a loader without a type is. */
  readonly type: 'pflash' | 'rom';
  /** True, false, or null when not written. */
  readonly isReadOnly: boolean | null;
  readonly isSecure: boolean | null;
  readonly isStateless: boolean;
  /** Format of the loader as written. */
  readonly format: string | null;
  readonly nvram: XmlElement | undefined;
  /** The file of the variables; null when not written, or not a file. */
  readonly nvramPath: string | null;
  readonly nvramFormat: string | null;
  readonly template: string | null;
  readonly templateFormat: string | null;
  /** `<feature name= enabled=>` in `<firmware>`: `secure-boot` and `enrolled-keys`. */
  readonly features: ReadonlyMap<string, boolean>;
  readonly featuresElement: XmlElement | undefined;
}

/** Reads the firmware part of a `<domain>`. https://libvirt.org/formatdomain.html#bios-bootloader */
export function firmwareDefinition(domain: XmlElement): FirmwareDefinition {
  const os = first(domain, 'os');
  const loader = first(os, 'loader');
  const nvram = first(os, 'nvram');
  const featuresElement = first(os, 'firmware');
  return {
    os,
    chosenBy: attribute(os, 'firmware'),
    loader,
    path: pathText(textAt(loader)),
    type: attribute(loader, 'type') === 'pflash' ? 'pflash' : 'rom',
    isReadOnly: yesOrNo(attribute(loader, 'readonly')),
    isSecure: yesOrNo(attribute(loader, 'secure')),
    isStateless: attribute(loader, 'stateless') === 'yes',
    format: attribute(loader, 'format'),
    nvram,
    nvramPath: pathText(textAt(nvram) ?? attribute(first(nvram, 'source'), 'file')),
    nvramFormat: attribute(nvram, 'format'),
    template: pathText(attribute(nvram, 'template')),
    templateFormat: attribute(nvram, 'templateFormat'),
    features: new Map(all(featuresElement, 'feature').flatMap(feature)),
    featuresElement,
  };
}

/** PATH_MAX of Linux: no file has a longer one. */
function pathText(text: string | null): string | null {
  return text?.slice(0, 4096) ?? null;
}

function feature(element: XmlElement): [string, boolean][] {
  const [name, enabled] = [attribute(element, 'name'), yesOrNo(attribute(element, 'enabled'))];
  return name === null || enabled === null ? [] : [[name, enabled]];
}

function yesOrNo(value: string | null): boolean | null {
  if (value === 'yes') return true;
  return value === 'no' ? false : null;
}

/** The state of System Management Mode: QEMU has it on unless the definition switches it off. */
export function smmState(domain: XmlElement): { readonly element: XmlElement | undefined; readonly state: 'on' | 'off' | null } {
  const element = first(domain, 'features', 'smm');
  if (element === undefined) return { element, state: null };
  return { element, state: attribute(element, 'state') === 'off' ? 'off' : 'on' };
}
