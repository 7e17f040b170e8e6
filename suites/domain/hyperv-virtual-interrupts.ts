import type { Cpu } from '../../src/facts/cpu.ts';

/** Does KVM let the hardware deliver interrupts to guests: APICv of Intel, AVIC of AMD? Null: it does not tell. */
export function virtualInterrupts({ vendor, kvmModule }: Pick<Cpu, 'vendor' | 'kvmModule'>): {
  readonly source: string;
  readonly isOn: boolean | null;
} {
  const module = kvmModule.state === 'ok' ? kvmModule.value.name : `kvm_${vendor === 'amd' ? 'amd' : 'intel'}`;
  const parameter = module === 'kvm_amd' ? 'avic' : 'enable_apicv';
  const isOn = kvmModule.state === 'ok' ? kvmModule.value.hasVirtualInterrupts : null;
  return { source: `/sys/module/${module}/parameters/${parameter}`, isOn };
}
