import { isQ35, type PlacedDevice, placedDevices } from '../../../src/domain/controllers.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, setAttribute } from '../../../src/domain/edit.ts';
import { type IvshmemArgument, ivshmemArguments } from '../../../src/domain/kvmfr.ts';
import { attributeSpan } from '../../../src/domain/locate.ts';
import { videoDevices } from '../../../src/domain/graphics.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isAtLeast } from '../../../src/facts/version.ts';
import { emulatorVersion } from '../emulator-version.ts';

export default defineDomainRule({
  id: 'domain/display/kvmfr-syntax',
  title: 'The shared-memory device of the QEMU arguments takes no place that libvirt gave away',
  severity: 'blocker',
  wantsHost: ['libvirt', 'qemu'],
  why: 'Since libvirt 7.9 and QEMU 6.2 libvirt writes its devices as JSON, and QEMU makes those in the old syntax first: they take a slot that is another’s, and QEMU stops with "PCI: slot 1 function 0 not available".',
  sources: ['https://looking-glass.io/docs/B7/ivshmem_kvmfr/', 'https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0/system/vl.c'],
  evaluate(document, { libvirt, qemu }) {
    const host = libvirt.ok ? libvirt.value.version : null;
    const emulator = emulatorVersion(document, qemu);
    const lacksJson = emulator !== null && !isAtLeast(emulator, [6, 2]);
    const isPlain = lacksJson || (host !== null && !isAtLeast(host, [7, 9]));
    const slots = rootSlots(document);
    let legacy = 0;
    return ivshmemArguments(document).map((device) => {
      const { element, option } = device;
      if (option.syntax === 'json') return lacksJson ? tooNew(document, device, emulator ?? []) : passAt(document, element);
      if (isPlain) return passAt(document, element, 'libvirt and QEMU of this host write every device in this syntax');
      if (option.values.has('addr')) return passAt(document, element);
      legacy += 1;
      return judgeLegacy(document, device, slots, (isQ35(document) ? 0 : 1) + legacy);
    });
  },
});

function tooNew(document: DomainDocument, { element }: IvshmemArgument, version: readonly number[]): Outcome {
  return failAt(document, element, `QEMU ${version.join('.')} takes no JSON for -device`, {
    expected: 'ivshmem-plain,id=shmem0,memdev=looking-glass',
    remedy: xmlRemedy(document, 'Write the device in the old syntax, or use QEMU 6.2 or later'),
  });
}

/** The devices of the root bus by slot; null where libvirt has given no addresses yet. */
function rootSlots(document: DomainDocument): ReadonlyMap<number, PlacedDevice> | null {
  const placed = placedDevices(document);
  const atRoot = placed.filter(({ address }) => address.domain === 0 && address.bus === 0 && address.function === 0);
  return placed.length === 0 ? null : new Map(atRoot.map((device) => [device.address.slot, device]));
}

/** QEMU fills the root bus from below: behind the host bridge, on i440FX also behind the ISA bridge. */
function judgeLegacy(document: DomainDocument, device: IvshmemArgument, slots: ReturnType<typeof rootSlots>, slot: number): Outcome {
  const { element } = device;
  const finding = {
    expected: "{'driver':'ivshmem-plain', …}",
    remedy: xmlRemedy(document, 'Write the device as JSON: then QEMU makes it last, where there is a place left', {
      inside: '<qemu:commandline>, behind -device',
      write: `<qemu:arg value="${asJson(device) ?? "{'driver':'ivshmem-plain','id':'shmem0','memdev':'looking-glass'}"}"/>`,
    }),
    edits: [mend(document, device)],
  };
  const other = slots?.get(slot);
  if (other !== undefined) {
    const message = `QEMU puts ivshmem-plain into slot ${slot}, which is that of <${other.element.name}>: the domain does not start`;
    return failAt(document, element, message, { ...finding, evidence: [seenAt(document, other.addressElement)] });
  }
  if (slots !== null) return passAt(document, element, `slot ${slot}, which QEMU takes for it, is free`);
  const message = `QEMU puts ivshmem-plain into slot ${slot}, into which libvirt puts a device of its own`;
  const isSure = isQ35(document) || videoDevices(document).some(({ model }) => model !== 'none');
  return failAt(document, element, message, { ...finding, ...(isSure ? {} : { severity: 'major' as const }) });
}

/** What of it is known to mean the same in JSON. */
const SAME = new Set(['id', 'memdev', 'driver']);

function asJson({ option }: IvshmemArgument): string | null {
  const { kind, values } = option;
  const pairs = [...values].filter(([name]) => name !== 'driver');
  if (kind === null || pairs.some(([name, value]) => !SAME.has(name) || /['"\\<&]/.test(String(value)))) return null;
  return `{${[['driver', kind], ...pairs].map(([name, value]) => `'${name}':'${String(value)}'`).join(',')}}`;
}

function mend(document: DomainDocument, device: IvshmemArgument): Edit | null {
  const json = asJson(device);
  if (json === null) return null;
  const quote = attributeSpan(document.text, device.element, 'value')?.quote;
  return setAttribute(document, device.element, 'value', quote === "'" ? json.replaceAll("'", '"') : json);
}
