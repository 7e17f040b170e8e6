/** A user as the kernel sees a process of theirs. */
export interface Credentials {
  readonly uid: number;
  /** Every group, the primary one among them. */
  readonly gids: readonly number[];
}

export type Permission = 'read' | 'write' | 'execute';

const BITS = { read: 4, write: 2, execute: 1 } as const;

/** The permission bits that stand for some permissions: 6 for read and write. */
export function permissionBits(wanted: readonly Permission[]): number {
  return wanted.reduce((bits, permission) => bits | BITS[permission], 0);
}
