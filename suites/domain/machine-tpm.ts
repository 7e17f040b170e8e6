import type { DomainDocument } from '../../src/domain/document.ts';
import { all, attribute, first, type XmlElement } from '../../src/domain/xml.ts';

/** A TPM of a domain as libvirt takes it on x86. */
export interface TpmDevice {
  readonly element: XmlElement;
  readonly backend: XmlElement | undefined;
  readonly model: string;
  /** `emulator`, `passthrough`, `external`; null when there is no backend. */
  readonly type: string | null;
  /** As written. */
  readonly version: string | null;
  /** What libvirt takes when none is written: 1.2 for tpm-tis, 2.0 for tpm-crb. qemu_postparse.c, qemuDomainTPMDefPostParse */
  readonly effectiveVersion: string;
}

/** The TPMs of a domain: libvirt takes one. */
export function tpmDevices({ root }: Pick<DomainDocument, 'root'>): readonly TpmDevice[] {
  return all(root, 'devices', 'tpm').map((element) => {
    const backend = first(element, 'backend');
    const model = attribute(element, 'model') ?? 'tpm-tis';
    const written = attribute(backend, 'version');
    const version = written === 'default' ? null : written;
    return {
      element,
      backend,
      model,
      type: attribute(backend, 'type'),
      version,
      effectiveVersion: version ?? (model === 'tpm-crb' ? '2.0' : '1.2'),
    };
  });
}

/** The TPM that a Windows 11 guest wants. */
export const TPM_XML = "<tpm model='tpm-crb'>\n  <backend type='emulator' version='2.0'/>\n</tpm>";
