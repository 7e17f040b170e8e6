import { formatCpuList } from '../facts/cpu-list.ts';
import type { PinPlan } from './model.ts';

/** libvirt shows the guest the host's own processor; what a definition without `<cpu>` gets. */
const HOST_CPU = "mode='host-passthrough' check='none' migratable='off'";

/** The parts of a definition that hold a plan, as children of `<domain>`, without the last line end. */
export function planXml(plan: PinPlan): string {
  const iothreads = plan.iothreads.length === 0 ? [] : [`<iothreads>${plan.iothreads.length}</iothreads>`];
  return [
    `<vcpu placement='static'>${plan.vcpus.length}</vcpu>`,
    ...iothreads,
    element(
      'cputune',
      pinElements(plan).map(({ xml }) => xml),
    ),
    ...numatuneXml(plan),
    cpuXml(plan),
  ].join('\n');
}

/** One pin: the element's name, the number of what it pins (null: the emulator), and the element itself. */
export interface PinElement {
  readonly name: 'vcpupin' | 'emulatorpin' | 'iothreadpin';
  readonly id: number | null;
  readonly cpuset: string;
  readonly xml: string;
}

/** The content of `<cputune>`. */
export function pinElements({ vcpus, emulator, iothreads }: Pick<PinPlan, 'vcpus' | 'emulator' | 'iothreads'>): readonly PinElement[] {
  return [
    ...vcpus.map((cpu, vcpu) => pin('vcpupin', 'vcpu', vcpu, [cpu])),
    pin('emulatorpin', null, null, emulator),
    ...iothreads.map(({ id, cpus }) => pin('iothreadpin', 'iothread', id, cpus)),
  ];
}

function pin(name: PinElement['name'], attribute: string | null, id: number | null, cpus: readonly number[]): PinElement {
  const cpuset = formatCpuList(cpus);
  const number = attribute === null ? '' : ` ${attribute}='${id ?? ''}'`;
  return { name, id, cpuset, xml: `<${name}${number} cpuset='${cpuset}'/>` };
}

/** `<numatune>`; nothing where all memory is alike. */
export function numatuneXml({ memoryNode }: Pick<PinPlan, 'memoryNode'>): readonly string[] {
  return memoryNode === null ? [] : [element('numatune', [`<memory mode='strict' nodeset='${memoryNode}'/>`])];
}

/** `<cpu>` for a definition that has none. */
export function cpuXml(plan: PinPlan): string {
  return element('cpu', [topologyXml(plan), ...(plan.showsCaches ? [CACHE] : []), ...(plan.needsTopoext ? [TOPOEXT] : [])], ` ${HOST_CPU}`);
}

/** The guest sees the caches of the host: only for the host's own processor. */
export const CACHE = "<cache mode='passthrough'/>";

/** Without it a guest of AMD takes the threads of a core for cores. */
export const TOPOEXT = "<feature policy='require' name='topoext'/>";

/** The topology that the guest sees. https://libvirt.org/formatdomain.html#cpu-model-and-topology */
export function topologyXml({ guest }: Pick<PinPlan, 'guest'>): string {
  const { sockets, dies, cores, threads } = guest;
  return `<topology sockets='${sockets}' dies='${dies}' cores='${cores}' threads='${threads}'/>`;
}

/** An element with children on lines of their own. */
export function element(name: string, children: readonly string[], attributes = ''): string {
  return [`<${name}${attributes}>`, ...children.map((child) => `  ${child}`), `</${name}>`].join('\n');
}
