import { ok, type Reading } from '../host/reading.ts';
import { defineFact } from './fact.ts';
import { optionalList, readAttribute, valueOrNull } from './read.ts';

/** A USB device of the machine, hubs among them. Serial numbers are left out on purpose. */
export interface UsbDevice {
  /** Name in /sys/bus/usb/devices: `1-2.3`. */
  readonly name: string;
  /** Four hexadecimal digits; unreadable: it went away, or was not recorded. */
  readonly vendor: Reading<string>;
  readonly product: Reading<string>;
  /** As `lsusb` counts them; the second changes whenever the device is plugged in. */
  readonly bus: number | null;
  readonly device: number | null;
  /** What it calls itself. */
  readonly title: string | null;
}

export const USB_DEVICES = '/sys/bus/usb/devices';

/** What is plugged into USB now, sorted by name. https://docs.kernel.org/ABI/testing/sysfs-bus-usb.html */
export const usbDevices = defineFact({
  id: 'usbDevices',
  collect: (host): readonly UsbDevice[] =>
    // `usb1` is a root hub, `1-2` a device, `1-2:1.0` an interface of it.
    optionalList(host, USB_DEVICES)
      .filter((name) => /^\d{1,4}-\d{1,3}(?:\.\d{1,3}){0,8}$/.test(name))
      .map((name) => {
        const read = (attribute: string): Reading<string> => readAttribute(host, `${USB_DEVICES}/${name}/${attribute}`);
        return {
          name,
          vendor: lowerCase(read('idVendor')),
          product: lowerCase(read('idProduct')),
          bus: number(valueOrNull(read('busnum'))),
          device: number(valueOrNull(read('devnum'))),
          title: valueOrNull(read('product')),
        };
      }),
});

function lowerCase(reading: Reading<string>): Reading<string> {
  return reading.state === 'ok' ? ok(reading.value.toLowerCase()) : reading;
}

function number(text: string | null): number | null {
  return text !== null && /^\d{1,4}$/.test(text) ? Number(text) : null;
}
