import { createHash } from 'node:crypto';

import type { ConnectionUri } from '../libvirt/virsh.ts';

/** Of UUIDs that passcheck makes (RFC 9562, version 5): chosen once, at random. */
const NAMESPACE = '5b1f4f5e-8f0c-4c2e-9a53-0d6f2f9d1c77';

/** What a UUID is made from: the same object of the same host gets the same one for ever. */
export interface Identified {
  /** A hash of the machine-id. */
  readonly hostId: string;
  readonly connection: ConnectionUri;
  readonly kind: 'network' | 'pool' | 'domain';
  readonly name: string;
}

/** The UUID of an object that the spec gives none. None of the parts can hold a NUL. */
export function objectUuid({ hostId, connection, kind, name }: Identified): string {
  return uuidV5(NAMESPACE, [hostId, connection, kind, name].join('\0'));
}

/** A UUID of a name. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5 */
export function uuidV5(namespace: string, name: string): string {
  const digest = createHash('sha1').update(uuidBytes(namespace)).update(name).digest().subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * The MAC address of the card with this number of what has this UUID, by the rule of NixVirt, so that a definition of either can
 * take over that of the other: QEMU's prefix and three bytes of a hash. https://github.com/AshleyYakeley/NixVirt
 */
export function macAddress(uuid: string, index: number): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(index);
  const digest = createHash('sha256').update(uuidBytes(uuid)).update(number).digest('hex');
  return `52:54:00:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
