/** The parts of a definition that its owner chose; the rest is what virt-manager writes. */
export interface Written {
  readonly name: string;
  readonly type?: string;
  /** The id of libosinfo; null: a definition that names none. */
  readonly os: string | null;
  readonly gib?: number;
  /** Everything around `<vcpu>`: pins, memory backing, tuning. */
  readonly vcpu: string;
  /** `<os>` in full. */
  readonly boot: string;
  readonly features: string;
  readonly cpu: string;
  readonly clock?: string;
  readonly emulator?: string;
  readonly devices: readonly string[];
  /** After `<devices>`. */
  readonly end?: string;
  /** Attributes of `<domain>` besides its type. */
  readonly spaces?: string;
}

const OSINFO = 'xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0"';

/** A definition as `virsh dumpxml --inactive` prints it. */
export function written(given: Written): string {
  const {
    name,
    type = 'kvm',
    os,
    gib = 16,
    vcpu,
    boot,
    features,
    cpu,
    clock = UTC,
    emulator = QEMU,
    devices,
    end = '',
    spaces = '',
  } = given;
  const metadata =
    os === null
      ? ''
      : `<metadata>\n    <libosinfo:libosinfo ${OSINFO}>\n      <libosinfo:os id="${os}"/>\n    </libosinfo:libosinfo>\n  </metadata>`;
  const parts = [
    `<name>${name}</name>`,
    `<uuid>7c5d1f0e-3a0b-4c53-9b1d-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}</uuid>`,
    metadata,
    `<memory unit='KiB'>${gib * 1024 * 1024}</memory>`,
    `<currentMemory unit='KiB'>${gib * 1024 * 1024}</currentMemory>`,
    vcpu,
    boot,
    features,
    cpu,
    clock,
    '<on_poweroff>destroy</on_poweroff>\n  <on_reboot>restart</on_reboot>\n  <on_crash>destroy</on_crash>',
    "<pm>\n    <suspend-to-mem enabled='no'/>\n    <suspend-to-disk enabled='no'/>\n  </pm>",
    ['<devices>', `<emulator>${emulator}</emulator>`, ...devices].join('\n    '),
    '</devices>',
    end,
  ];
  return `<domain type='${type}'${spaces}>\n  ${parts.filter((part) => part !== '').join('\n  ')}\n</domain>\n`;
}

const QEMU = '/usr/bin/qemu-system-x86_64';

/** The namespace of arguments for QEMU. */
export const QEMU_SPACE = " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

export const UTC = `<clock offset='utc'>
    <timer name='rtc' tickpolicy='catchup'/>
    <timer name='pit' tickpolicy='delay'/>
    <timer name='hpet' present='no'/>
  </clock>`;

export const WINDOWS_CLOCK = `<clock offset='localtime'>
    <timer name='rtc' tickpolicy='catchup'/>
    <timer name='pit' tickpolicy='delay'/>
    <timer name='hpet' present='no'/>
    <timer name='hypervclock' present='yes'/>
  </clock>`;

/** `<hyperv>` of virt-install 4, of virt-manager 5, and the one that guides advise. */
const THREE = "<relaxed state='on'/>\n      <vapic state='on'/>\n      <spinlocks state='on' retries='8191'/>";
const MANY = `${THREE}
      <vpindex state='on'/>
      <runtime state='on'/>
      <synic state='on'/>
      <stimer state='on'>
        <direct state='on'/>
      </stimer>
      <reset state='on'/>
      <frequencies state='on'/>
      <tlbflush state='on'/>
      <ipi state='on'/>`;
export const HYPERV = {
  plain: `<hyperv mode='custom'>\n      ${THREE}\n    </hyperv>`,
  full: `<hyperv mode='custom'>\n      ${MANY}\n    </hyperv>`,
  hidden: `<hyperv mode='custom'>\n      ${MANY}\n      <vendor_id state='on' value='1234567890ab'/>\n    </hyperv>`,
};

/** `<features>`: what is given after ACPI and the APIC. */
export const features = (...more: readonly string[]): string =>
  `<features>\n    ${['<acpi/>', '<apic/>', ...more].join('\n    ')}\n  </features>`;

export const SMM = "<smm state='on'/>";
export const NO_VMPORT = "<vmport state='off'/>";
export const HIDDEN = "<kvm>\n      <hidden state='on'/>\n    </kvm>";

/** `<os>` with a firmware that libvirt chose. */
export function chosen(
  machine: string,
  { secure = false, code, vars, nvram }: { secure?: boolean; code?: string; vars?: string; nvram?: string },
): string {
  const keys = secure
    ? "\n    <firmware>\n      <feature enabled='yes' name='enrolled-keys'/>\n      <feature enabled='yes' name='secure-boot'/>\n    </firmware>"
    : '';
  const loader = code === undefined ? '' : `\n    <loader readonly='yes'${secure ? " secure='yes'" : ''} type='pflash'>${code}</loader>`;
  const store = nvram === undefined ? '' : `\n    <nvram${vars === undefined ? '' : ` template='${vars}'`}>${nvram}</nvram>`;
  return `<os firmware='efi'>\n    <type arch='x86_64' machine='${machine}'>hvm</type>${keys}${loader}${store}\n  </os>`;
}

/** `<os>` with a firmware that was written by hand, as guides show it. */
export const byHand = (machine: string, code: string, nvram: string, more = "<boot dev='hd'/>"): string => `<os>
    <type arch='x86_64' machine='${machine}'>hvm</type>
    <loader readonly='yes' type='pflash'>${code}</loader>
    <nvram>${nvram}</nvram>
    ${more}
  </os>`;

/** `<cpu>` of the host, with a topology. */
export const hostCpu = (cores: number, threads = 2, more = ''): string => `<cpu mode='host-passthrough' check='none' migratable='on'>
    <topology sockets='1' dies='1' cores='${cores}' threads='${threads}'/>${more}
  </cpu>`;

export const HOST_CPU = "<cpu mode='host-passthrough' check='none' migratable='on'/>";

/** `<vcpu>` with the pins of a list, and the emulator elsewhere. */
export function pinned(cpus: readonly number[], emulator: string, more = ''): string {
  const pins = cpus.map((cpu, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${cpu}'/>`);
  return `<vcpu placement='static'>${cpus.length}</vcpu>
  <cputune>
    ${pins.join('\n    ')}
    <emulatorpin cpuset='${emulator}'/>${more}
  </cputune>`;
}
