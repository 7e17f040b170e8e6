import { redactBinary, redactDevicePaths } from './redact-binary.ts';
import { isPlaceholder } from './redact-kept.ts';
import { fromLatin1, isPersonId, nameReplacer, type Names, toLatin1 } from './redact-names.ts';
import { replaceIdentifiers, replaceTextIdentifiers, type Replace, type SecretKind } from './redact-patterns.ts';

/** A value that is sought literally, its kind, and the value whose pseudonym it gets. */
export type Literal = readonly [text: string, kind: SecretKind, value: string];

/** Rewrites each part of a recording with the rules that hold for it. */
export interface Editor {
  /** Output of commands, values of the environment and the configuration. */
  text(text: string): string;
  path(path: string): string;
  /** A name in a folder; what the whole path means decides. */
  nameIn(folder: string, name: string): string;
  contents(path: string, bytes: Uint8Array): Uint8Array;
}

export function createEditor(names: Names, literals: readonly Literal[], replace: Replace): Editor {
  const replaceNames = nameReplacer(names, replace);
  const replaceLiterals = literalReplacer(literals, replace);
  const inText = (text: string): string => replaceNames(replaceLiterals(replaceTextIdentifiers(dropFullNames(text), replace)));
  const inSystem = (text: string): string => replaceLiterals(replaceIdentifiers(text, replace));
  const text = (value: string): string => fromLatin1(inText(toLatin1(value)));
  const path = (value: string): string => {
    if (isSystem(value)) return fromLatin1(inSystem(toLatin1(value)));
    return fromLatin1(inText(toLatin1(value)));
  };
  const serial = (value: string): void => {
    if (!isPlaceholder(value)) replace('serial', value);
  };
  const contents = (at: string, bytes: Uint8Array): Uint8Array => {
    const binary = redactBinary(at, bytes, serial);
    if (binary !== undefined) return binary;
    if (PUBLIC.test(at) || isCompressed(bytes)) return bytes;
    if (at.startsWith('/sys/firmware/efi/efivars/')) return efiVariable(bytes, inText);
    const before = Buffer.from(bytes).toString('latin1');
    if (SERIAL_FILE.test(at)) return toBytes(wholeValue(before, inSystem(before), replace));
    if (isSystem(at)) return toBytes(inSystem(before));
    return isBinary(bytes) ? toBytes(sameLength(before, inText)) : toBytes(inText(before));
  };
  return { text, path, contents, nameIn: (folder, name) => nameAfter(path(`${folder === '/' ? '' : folder}/${name}`), name) };
}

/** /sys and /proc are made by the kernel: what looks like a user's name there is a word of the kernel. */
function isSystem(path: string): boolean {
  return path.startsWith('/sys/') || /^\/proc\/(?:cpuinfo|interrupts|modules|iomem|meminfo|devices|misc|filesystems)$/.test(path);
}

/** Tables that every machine with the same packages has. */
const PUBLIC = /\/pci\.ids$|\/modules\.[a-z.]+$|^\/boot\/config-|^\/usr\/share\/(?:hwdata|misc|OVMF|edk2|qemu)\//;

/** Files that hold a serial number and nothing else. */
const SERIAL_FILE =
  /^\/sys\/.*\/(?:[a-z_]*serial(?:_?(?:number|no))?|wwid|wwn|eui|nguid|subsysnqn|node_guid|sys_image_guid|[a-z_]*asset_tag|unique_id|unique_number|cid)$/;

function isCompressed(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Zero bytes alone are no sign: /proc/PID/cmdline parts its words with them. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.includes(0) && bytes.subarray(0, 4096).some((byte) => byte > 0 && byte < 9);
}

/** Offsets in a binary file mean something: what becomes shorter is filled up. */
function sameLength(text: string, change: (text: string) => string): string {
  return text.replaceAll(/[\x20-\xff]{4,}/g, (run) => change(run).padEnd(run.length, '0').slice(0, run.length));
}

function wholeValue(before: string, after: string, replace: Replace): string {
  const value = before.trim();
  if (after !== before || isPlaceholder(value)) return after;
  return before.replace(value, () => replace('serial', value));
}

/** Four bytes of attributes, then text in UTF-16 (systemd-boot), or a boot option with a device path, or some numbers. */
function efiVariable(bytes: Uint8Array, change: (text: string) => string): Uint8Array {
  const value = Buffer.from(bytes.subarray(4));
  const text = value.length % 2 === 0 ? value.toString('utf16le') : '';
  if (text.length < 4 || !/^[\x20-\x7e\xa0-\xff]+\0?$/.test(text)) return redactDevicePaths(bytes);
  const changed = fromLatin1(change(toLatin1(text)));
  return Buffer.concat([bytes.subarray(0, 4), Buffer.from(changed, 'utf16le')]);
}

/** The fifth field of /etc/passwd tells a person's name, office and telephone. */
function dropFullNames(text: string): string {
  return text.replaceAll(/^([^:\n]+:[^:\n]*:(\d{4,5}):\d+:)[^:\n]+(?=:[^:\n]*:[^:\n]*$)/gm, (whole, start: string, uid: string) =>
    isPersonId(Number(uid)) ? start : whole,
  );
}

function literalReplacer(literals: readonly Literal[], replace: Replace): (text: string) => string {
  if (literals.length === 0) return (text) => text;
  const known = new Map(literals.map(([text, kind, value]) => [text.toLowerCase(), [kind, value] as const]));
  const pattern = literals
    .map(([text]) => text)
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('|');
  const anywhere = new RegExp(`(?<![A-Za-z0-9])(?:${pattern})(?![A-Za-z0-9])`, 'gi');
  return (text) =>
    text.replace(anywhere, (found) => {
      const [kind, value] = known.get(found.toLowerCase()) ?? [];
      if (kind === undefined || value === undefined) return found;
      return kind === 'mac' ? replace(kind, value).replaceAll(':', '') : replace(kind, value);
    });
}

/** The rewritten path ends in the rewritten name, which can hold no slash. */
function nameAfter(path: string, name: string): string {
  return name.includes('/') ? name : path.slice(path.lastIndexOf('/') + 1);
}

function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
