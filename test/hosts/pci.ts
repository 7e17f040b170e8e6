import type { MemoryHost } from '../../src/host/memory.ts';
import type { Machine } from './machine.ts';

/** A PCI function as `lspci -nnk` shows it. */
export interface PciFunction {
  readonly address: string;
  /** `10de:2684` */
  readonly id: string;
  /** Six digits. */
  readonly class: string;
  readonly subsystem?: string;
  readonly driver?: string;
  readonly group?: number;
  /** The bridge that it sits behind. */
  readonly behind?: string;
  readonly bootVga?: boolean;
  readonly reset?: string;
  readonly link?: readonly [speed: string, width: number, maxSpeed: string, maxWidth: number];
  /** Port type of the PCI Express capability (0 endpoint, 4 root port, 5 upstream, 6 downstream, 7 bridge); null: conventional. */
  readonly express?: number | null;
  /** Access Control Services: capability and control. */
  readonly acs?: readonly [number, number];
  /** Every byte reads 0xff. */
  readonly isLost?: boolean;
  readonly physicalFunction?: string;
  readonly totalVfs?: number;
  readonly numVfs?: number;
  readonly bars?: string;
  /** Further attributes by file name. */
  readonly attributes?: Readonly<Record<string, string>>;
}

const DEVICES = '/sys/bus/pci/devices';
const BAR =
  '0x00000000a0000000 0x00000000a0ffffff 0x0000000000040200\n0x0000006000000000 0x0000006fffffffff 0x000000000014220c\n' +
  '0x0000000000000000 0x0000000000000000 0x0000000000000000\n0x0000007000000000 0x0000007001ffffff 0x000000000014220c\n';

export function pciParts({ pci, iommu = 'on', cpu }: Machine, isRoot: boolean): MemoryHost {
  const files: Record<string, string | Uint8Array> = {};
  const links: Record<string, string> = {};
  const hasGroups = iommu === 'on' || iommu === 'no-remapping';
  for (const one of pci) {
    const folder = pciFolder(pci, one.address);
    const [vendor = '', device = ''] = one.id.split(':');
    const [subvendor = '', subdevice = ''] = (one.subsystem ?? `${vendor}:0000`).split(':');
    const modalias =
      `pci:v${upper(vendor, 8)}d${upper(device, 8)}sv${upper(subvendor, 8)}sd${upper(subdevice, 8)}` +
      `bc${upper(one.class.slice(0, 2), 2)}sc${upper(one.class.slice(2, 4), 2)}i${upper(one.class.slice(4), 2)}`;
    const attributes: Record<string, string> = {
      uevent:
        `${one.driver === undefined ? '' : `DRIVER=${one.driver}\n`}PCI_CLASS=${one.class.replace(/^0/, '')}\nPCI_ID=${vendor.toUpperCase()}:${device.toUpperCase()}\n` +
        `PCI_SUBSYS_ID=${subvendor.toUpperCase()}:${subdevice.toUpperCase()}\nPCI_SLOT_NAME=${one.address}\nMODALIAS=${modalias}\n`,
      vendor: `0x${vendor}\n`,
      device: `0x${device}\n`,
      class: `0x${one.class}\n`,
      modalias: `${modalias}\n`,
      revision: '0xa1\n',
      driver_override: '(null)\n',
      numa_node: '-1\n',
      power_state: 'D0\n',
      resource: one.bars ?? (one.class.startsWith('03') ? BAR : ''),
      ...(one.class.startsWith('0300') ? { boot_vga: one.bootVga === true ? '1\n' : '0\n' } : {}),
      ...(one.reset === undefined ? {} : { reset_method: `${one.reset}\n`, reset: '' }),
      ...(one.totalVfs === undefined ? {} : { sriov_totalvfs: `${one.totalVfs}\n`, sriov_numvfs: `${one.numVfs ?? 0}\n` }),
      ...linkAttributes(one),
      ...one.attributes,
    };
    for (const [name, value] of Object.entries(attributes)) files[`${folder}/${name}`] = value;
    const space = configSpace(one, vendor, device);
    files[`${folder}/config`] = isRoot ? space : space.subarray(0, 64);
    links[`${DEVICES}/${one.address}`] = folder.replace('/sys/', '../../../');
    if (one.driver !== undefined) {
      links[`${folder}/driver`] = `${'../'.repeat(folder.split('/').length - 2)}bus/pci/drivers/${one.driver}`;
      files[`/sys/bus/pci/drivers/${one.driver}/new_id`] = '';
    }
    if (one.physicalFunction !== undefined) links[`${folder}/physfn`] = `../${one.physicalFunction}`;
    if (one.group !== undefined && hasGroups) {
      const group = `/sys/kernel/iommu_groups/${one.group}`;
      links[`${folder}/iommu_group`] = `${'../'.repeat(folder.split('/').length - 2)}kernel/iommu_groups/${one.group}`;
      links[`${group}/devices/${one.address}`] = `../../../../${folder.replace('/sys/', '')}`;
      files[`${group}/type`] = 'DMA-FQ\n';
      files[`${group}/reserved_regions`] =
        cpu === 'amd'
          ? '0x00000000fee00000 0x00000000feefffff msi\n0x000000fd00000000 0x000000ffffffffff reserved\n'
          : '0x00000000fee00000 0x00000000feefffff msi\n';
    }
  }
  return { files, links, folders: ['/sys/kernel/iommu_groups', '/sys/class/iommu', DEVICES] };
}

function upper(text: string, digits: number): string {
  return text.toUpperCase().padStart(digits, '0');
}

export function pciFolder(all: readonly PciFunction[], address: string): string {
  const path: string[] = [];
  for (let at: string | undefined = address; at !== undefined;) {
    path.unshift(at);
    const here: string = at;
    at = all.find((one) => one.address === here)?.behind;
  }
  return `/sys/devices/pci${path[0]?.slice(0, 7)}/${path.join('/')}`;
}

function linkAttributes({ link }: PciFunction): Record<string, string> {
  if (link === undefined) return {};
  const [speed, width, maxSpeed, maxWidth] = link;
  return {
    current_link_speed: `${speed} GT/s PCIe\n`,
    current_link_width: `${width}\n`,
    max_link_speed: `${maxSpeed} GT/s PCIe\n`,
    max_link_width: `${maxWidth}\n`,
  };
}

/** A header, and the capabilities for PCI Express and Access Control Services. */
function configSpace(one: PciFunction, vendor: string, device: string): Uint8Array {
  if (one.isLost === true) return new Uint8Array(4096).fill(0xff);
  const bytes = new Uint8Array(one.express === null ? 256 : 4096);
  const space = new DataView(bytes.buffer);
  const isBridge = one.class.startsWith('0604');
  const isMultiFunction = !one.address.endsWith('.0') || one.class.startsWith('0300');
  space.setUint16(0x00, Number.parseInt(vendor, 16), true);
  space.setUint16(0x02, Number.parseInt(device, 16), true);
  space.setUint16(0x06, 0x10, true);
  space.setUint8(0x0a, Number.parseInt(one.class.slice(2, 4), 16));
  space.setUint8(0x0b, Number.parseInt(one.class.slice(0, 2), 16));
  space.setUint8(0x0e, (isBridge ? 1 : 0) | (isMultiFunction ? 0x80 : 0));
  if (one.express === null) return bytes;
  space.setUint8(0x34, 0x40);
  space.setUint8(0x40, 0x10);
  space.setUint16(0x42, ((one.express ?? (isBridge ? 4 : 0)) << 4) | 2, true);
  if (one.acs !== undefined) {
    space.setUint32(0x100, 0x0001000d, true);
    space.setUint16(0x104, one.acs[0], true);
    space.setUint16(0x106, one.acs[1], true);
  }
  return bytes;
}
