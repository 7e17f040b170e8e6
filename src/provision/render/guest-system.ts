import { el, type Tree } from '../tree.ts';
import { isWindows, type Machine, needsWideInterrupts, usesKvm } from './machine.ts';

/**
 * The machine and its firmware, which libvirt chooses by what it shall be able to do. Files of the host are not named: they are
 * others on every distribution. https://libvirt.org/formatdomain.html#bios-bootloader
 */
export function firmware({ vm, nvramPath, disks, media }: Machine): Tree {
  const type = el('type', { arch: 'x86_64', machine: 'q35' }, 'hvm');
  // libvirt writes it where no device has a place in the order, and takes no order of devices beside it.
  const boot = disks.length + media.length === 0 ? el('boot', { dev: 'hd' }) : null;
  if (vm.firmware === 'bios') return el('os', {}, [type, boot]);
  const enabled = vm.secureBoot ? 'yes' : 'no';
  return el('os', { firmware: 'efi' }, [
    type,
    // As libvirt sorts them.
    el('firmware', {}, [el('feature', { enabled, name: 'enrolled-keys' }), el('feature', { enabled, name: 'secure-boot' })]),
    nvramPath === null ? null : el('nvram', {}, nvramPath),
    boot,
  ]);
}

/** What QEMU recommends for Windows, in libvirt's order. https://www.qemu.org/docs/master/system/i386/hyperv.html#recommendations */
const ENLIGHTENMENTS = ['relaxed', 'vapic', 'spinlocks', 'vpindex', 'runtime', 'synic', 'stimer', 'frequencies', 'tlbflush', 'ipi'];

export function features(machine: Machine): Tree {
  return el('features', {}, [
    el('acpi'),
    el('apic'),
    isWindows(machine) && usesKvm(machine) ? hyperv(machine) : null,
    el('vmport', { state: 'off' }),
    // The variables of Secure Boot are protected by it.
    machine.vm.secureBoot ? el('smm', { state: 'on' }) : null,
    needsWideInterrupts(machine) ? el('ioapic', { driver: 'qemu' }) : null,
  ]);
}

function hyperv({ pins }: Machine): Tree {
  // On CPUs of their own no vCPU waits for another to run.
  const wanted = ENLIGHTENMENTS.filter((name) => name !== 'spinlocks' || pins === null);
  return el('hyperv', { mode: 'custom' }, wanted.map(enlightenment));
}

function enlightenment(name: string): Tree {
  // Without direct mode Hyper-V in the guest (memory integrity, WSL 2) cannot use the timers.
  const inside = name === 'stimer' ? [el('direct', { state: 'on' })] : [];
  return el(name, { state: 'on', retries: name === 'spinlocks' ? 8191 : null }, inside);
}

/** Windows takes the clock of the machine for local time. Ticks that it missed are made up for. */
export function clock(machine: Machine): Tree {
  return el('clock', { offset: isWindows(machine) ? 'localtime' : 'utc' }, [
    el('timer', { name: 'rtc', tickpolicy: 'catchup' }),
    el('timer', { name: 'pit', tickpolicy: 'delay' }),
    el('timer', { name: 'hpet', present: 'no' }),
    isWindows(machine) && usesKvm(machine) ? el('timer', { name: 'hypervclock', present: 'yes' }) : null,
  ]);
}

/** A guest that sleeps looks like one that hangs, and a GPU may not wake with it. */
export function powerManagement(): Tree {
  return el('pm', {}, [el('suspend-to-mem', { enabled: 'no' }), el('suspend-to-disk', { enabled: 'no' })]);
}
