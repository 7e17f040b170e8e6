import { ioThreadsOf } from '../../../src/domain/io-threads.ts';
import { type Pin, pinningOf } from '../../../src/domain/pinning.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook } from '../../../src/engine/outcome.ts';
import { tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/pin-lists',
  title: 'libvirt understands every pin',
  severity: 'blocker',
  why: 'libvirt refuses a definition with a list of CPUs that is none, or that pins one thread twice.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://gitlab.com/libvirt/libvirt/-/blob/master/src/util/virbitmap.c'],
  anyGuest: true,
  evaluate(document) {
    const pinning = pinningOf(document);
    const { others, isBeyondLimit } = pinning;
    const pins = [...pinning.vcpus, ...pinning.emulator, ...pinning.iothreads, ...(others === null ? [] : [others])];
    if (pins.length === 0) return [];
    if (isBeyondLimit) return couldNotLook(document.label, 'the pins name more than a million CPUs', 'pin each thread to few CPUs');
    const isIothread = new Set(ioThreadsOf(document).ids);
    const wrong = [
      ...unreadable(pins),
      ...twice(pinning.vcpus, (id) => `vCPU ${id} is pinned twice`),
      ...twice(pinning.iothreads, (id) => `I/O thread ${id} is pinned twice`),
      ...pinning.emulator.slice(1).map((pin) => ({ pin, message: 'the emulator is pinned twice' })),
      ...pinning.iothreads
        .filter(({ id }) => id !== null && !Number.isNaN(id) && !isIothread.has(id))
        .map((pin) => ({ pin, message: `I/O thread ${pin.id} is pinned, and there is none of this number` })),
    ];
    if (wrong.length === 0) return passAt(document, tuningElement(document));
    return wrong.slice(0, 20).map(({ pin, message }) =>
      failAt(document, pin.element, message, {
        remedy: xmlRemedy(document, 'Pin each thread once, to a list of CPUs such as 4 or 0-3,8 or 0-7,^4'),
      }),
    );
  },
});

interface WrongPin {
  readonly pin: Pin;
  readonly message: string;
}

function unreadable(pins: readonly Pin[]): readonly WrongPin[] {
  return pins.flatMap((pin) => {
    const { element, id, text, cpus } = pin;
    const name = element.name === 'vcpupin' ? 'vcpu' : 'iothread';
    if (Number.isNaN(id)) {
      const written = attribute(element, name);
      const message =
        written === null ? `a pin does not say which ${name} is meant` : `"${written.slice(0, 40)}" is no number of a ${name}`;
      return { pin, message };
    }
    if (cpus !== null) return [];
    return {
      pin,
      message: text === null ? `<${element.name}> does not say which CPUs are meant` : `"${text.slice(0, 80)}" is no list of CPUs`,
    };
  });
}

function twice(pins: readonly Pin[], words: (id: number) => string): readonly WrongPin[] {
  const seen = new Set<number>();
  return pins.flatMap((pin) => {
    if (pin.id === null || Number.isNaN(pin.id)) return [];
    if (seen.has(pin.id)) return { pin, message: words(pin.id) };
    seen.add(pin.id);
    return [];
  });
}
