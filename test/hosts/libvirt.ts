import type { MemoryHost } from '../../src/host/memory.ts';
import { domainsArgv, listArgv } from '../../src/libvirt/virsh.ts';

/** virsh answers with these definitions, all shut off; null: it is not installed. */
export function libvirtParts(domains: Readonly<Record<string, string>> | null, isRoot: boolean): MemoryHost {
  if (domains === null) return {};
  const uuids = Object.keys(domains).map((_, index) => `11111111-2222-4333-8444-${String(index).padStart(12, '5')}`);
  const [argv = []] = domainsArgv('qemu:///system', isRoot, uuids);
  const printed = Object.values(domains).map((xml, index) => `=${uuids[index]}=\nshut off\n\n${xml}\n`);
  return {
    commands: {
      [listArgv('qemu:///system', isRoot).join(' ')]: `\n=\n\n=\n${uuids.join('\n')}\n`,
      ...(argv.length === 0 ? {} : { [argv.join(' ')]: printed.join('\n') }),
    },
  };
}

/** A domain that is given devices, as `virsh dumpxml --inactive` prints it. */
export function domainXml(name: string, addresses: readonly string[], { managed = true }: { readonly managed?: boolean } = {}): string {
  const devices = addresses.map((address) => {
    const [domain = '', bus = '', slot = '', part = ''] = address.split(/[:.]/);
    const source = `<address domain='0x${domain}' bus='0x${bus}' slot='0x${slot}' function='0x${part}'/>`;
    return `    <hostdev mode='subsystem' type='pci' managed='${managed ? 'yes' : 'no'}'>\n      <source>${source}</source>\n    </hostdev>`;
  });
  return [
    "<domain type='kvm'>",
    `  <name>${name}</name>`,
    "  <memory unit='KiB'>16777216</memory>",
    "  <vcpu placement='static'>8</vcpu>",
    "  <os firmware='efi'><type arch='x86_64' machine='pc-q35-8.2'>hvm</type></os>",
    '  <devices>',
    '    <emulator>/usr/bin/qemu-system-x86_64</emulator>',
    ...devices,
    '  </devices>',
    '</domain>',
  ].join('\n');
}
