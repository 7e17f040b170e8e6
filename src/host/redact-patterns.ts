import { isIPv6 } from 'node:net';

import { isPlaceholder, isWellKnownUuid } from './redact-kept.ts';

/** The kinds of values that are replaced. */
export type SecretKind = 'serial' | 'uuid' | 'mac' | 'ip' | 'user' | 'host' | 'password';

/** Gives the replacement of one value, always the same one; while values are being collected, the value itself. */
export type Replace = (kind: SecretKind, value: string) => string;

const UUID = /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/gi;
/** Six groups are a MAC address, eight an EUI-64, twenty an InfiniBand address. */
const MAC = /(?<!(?:^|[^0-9a-z])[0-9a-f]{2}:|[0-9a-z])[0-9a-f]{2}(?::[0-9a-f]{2}){5,19}(?!:?[0-9a-f])/gi;
const DASHED_MAC = /(?<![0-9a-z-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5,7}(?![0-9a-z-])/gi;
/** Names of network interfaces are made of the address: `enx001122334455`. */
const NAMED_MAC = /(?<=(?<![a-z])(?:enx|wlx|wwx))[0-9a-f]{12}(?![0-9a-z])/g;
/** Machine ids, and UUIDs without dashes. */
const HEX_ID = /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/gi;
/** File system ids of FAT and NTFS, partition ids of MBR: short, so only where they are named. */
const SHORT_ID = /(?<=UUID=["']?|by-(?:part)?uuid\/)(?:[0-9a-f]{4}-[0-9a-f]{4}|[0-9a-f]{16}|[0-9a-f]{8}-[0-9a-f]{2})(?![0-9a-z-])/gi;

/** Of LVM: `Zb4fKq-1xDz-…`, and in names of the device mapper two of them without dashes. */
const LVM_ID = /(?<![0-9A-Za-z-])[0-9A-Za-z]{6}(?:-[0-9A-Za-z]{4}){5}-[0-9A-Za-z]{6}(?![0-9A-Za-z-])|(?<=\bLVM-)[0-9A-Za-z]{64}/g;
const LUKS_ID = /(?<=\bCRYPT-[A-Z0-9]{1,10}-)[0-9a-f]{32}/g;
/** Of a keyboard, a mouse or a gamepad. */
const INPUT_SERIAL = /(?<=^HID_UNIQ=)\S{4,80}/gm;

/** Values that have a form of their own, wherever they stand. */
export function replaceIdentifiers(text: string, replace: Replace): string {
  return text
    .replace(UUID, (value) => (isWellKnownUuid(value.toLowerCase()) ? value : replace('uuid', value.toLowerCase())))
    .replace(MAC, (value) => (isSharedMac(value) ? value : replace('mac', value.toLowerCase())))
    .replace(NAMED_MAC, (value) => replace('mac', withColons(value)).replaceAll(':', ''))
    .replace(LVM_ID, (value) => (/^0+$/.test(value) ? value : replace('uuid', value)))
    .replace(LUKS_ID, (value) => replace('uuid', value))
    .replace(INPUT_SERIAL, (value) => (isSharedMac(value) ? value : replace('serial', value)));
}

/** The same for text that is no attribute of /sys, where a number of this form can be anything. */
export function replaceTextIdentifiers(text: string, replace: Replace): string {
  const known = replaceIdentifiers(text, replace)
    .replace(DASHED_MAC, (value) => replace('mac', value.toLowerCase().replaceAll('-', ':')).replaceAll(':', '-'))
    .replace(HEX_ID, (value) => replace('uuid', value.toLowerCase()))
    .replace(SHORT_ID, (value) => replace('uuid', value.toLowerCase()));
  return replaceAddresses(replacePasswords(replaceNamedSerials(known, replace), replace), replace);
}

function isSharedMac(value: string): boolean {
  return /^(?:(?:00:)+00|(?:ff:)+ff|01:00:5e|33:33|02:00:00:00:00)/i.test(value);
}

function withColons(hex: string): string {
  return (hex.match(/../g) ?? []).join(':');
}

/** Serial numbers that a tool names as such: dmidecode, USB messages of the kernel, lsblk, udev, domain XML, QEMU options. */
const NAMED_SERIALS = [
  /(\b(?:serial ?(?:number|no\.?|num)|asset tag)[ \t]*[:=][ \t]*)([^\r\n]{4,80})/gi,
  /(\bID_SERIAL(?:_SHORT)?=)([^\r\n]{4,120})/g,
  /("(?:serial|wwn|uuid)"[ \t]*:[ \t]*")([^"\r\n]{4,80})/gi,
  /([\s,]serial=)([^\s,'"]{4,80})/g,
  /(<serial>)([^<\r\n]{4,80})/g,
  /(<entry name=["'](?:serial|asset)["']>)([^<\r\n]{4,80})/g,
  // /dev/disk/by-id/ata-MODEL_SERIAL-part1, /dev/input/by-id/usb-MAKER_PRODUCT_SERIAL-event-kbd
  /(\/by-id\/(?:wwn-|nvme-eui\.|nvme-nvme\.|scsi-|[^\s/"'<>]*_))([0-9a-z.]{6,64}?)(?=-part\d|-event|-if\d|-mouse|_\d{1,3}(?![0-9a-z])|[\s"'<>]|$)/gi,
];

function replaceNamedSerials(text: string, replace: Replace): string {
  return NAMED_SERIALS.reduce(
    (before, pattern) =>
      before.replace(pattern, (whole, label: string, value: string) =>
        isPlaceholder(value.trim()) ? whole : `${label}${replace('serial', value.trim())}`,
      ),
    text,
  );
}

const PASSWORDS = [
  /(\bpass(?:wd|word)=")([^"]+)(?=")/gi,
  /(\bpass(?:wd|word)=')([^']+)(?=')/gi,
  /(<(?:password|passphrase|secret)>)([^<]+)/gi,
  /(\bpass(?:word|wd)?=)([^\s,"'<>]+)/gi,
  // Not "passwd: files" of nsswitch.conf.
  /(^[ \t#]*\w*(?:(?:password|passphrase)[ \t]*[=:]|passwd[ \t]*=)[ \t]*["']?)([^\r\n"']+)/gim,
  // Passwords of GRUB's menu.
  /(^[ \t]*password(?:_pbkdf2)?[ \t]+\S+[ \t]+)(\S+)/gm,
  /([a-z]:\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/gi,
];

function replacePasswords(text: string, replace: Replace): string {
  return PASSWORDS.reduce(
    (before, pattern) => before.replace(pattern, (_, label: string, value: string) => label + replace('password', value)),
    text,
  );
}

const IPV4 = /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d|[\w-])/g;
const IPV6 = /(?<![\w:.])[0-9a-f]{1,4}:[0-9a-f:]{2,36}[0-9a-f](?![\w:]|\.\d)/gi;

function replaceAddresses(text: string, replace: Replace): string {
  return text
    .replace(IPV4, (value, at: number) => (isPublic(value, text.slice(Math.max(0, at - 24), at)) ? replace('ip', value) : value))
    .replace(IPV6, (value) => (isIPv6(value) && isPersonal(value) ? replace('ip', value.toLowerCase()) : value));
}

const VERSION_BEFORE = /(?:version|ver|release|driver|firmware|bios|rev)[ \t:="'(]*$/i;
const ADDRESS_BEFORE = /(?:ip|addr|address|inet|from|to|host|server|nfsroot|via|peer|gateway|src|dst|remote|\/\/|@)[ \t:="'(]*$/i;

/** Not one of the ranges that everybody uses (RFC 1918, 6598, 3927, 5737, loopback, multicast), nor a version. */
function isPublic(address: string, before: string): boolean {
  const parts = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0] = parts;
  if (parts.some((part) => part > 255) || a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128))
    return false;
  if ([192_000_002, 198_051_100, 203_000_113].includes(a * 1_000_000 + b * 1000 + c)) return false;
  // Most versions of four parts begin with a small number.
  return a > 10 ? !VERSION_BEFORE.test(before) : ADDRESS_BEFORE.test(before);
}

/** Global, unique local and link-local addresses: all can hold the MAC address. */
function isPersonal(address: string): boolean {
  return /^(?:[23]|f[cd]|fe[89ab])/i.test(address) && !/^2001:db8:/i.test(address);
}
