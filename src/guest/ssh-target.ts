/** Where a guest is reached over SSH. */
export interface SshTarget {
  /** As people call the guest. */
  readonly name: string;
  /** An IP address or a host name. */
  readonly address: string;
  /** Null: the user who runs passcheck. */
  readonly user: string | null;
  readonly port: number | null;
  /** A file with a private key; null: those that ssh finds itself, and those of an agent. */
  readonly key: string | null;
  /** What the host key is kept under, for guests whose address changes; null: the address. */
  readonly alias: string | null;
  /** passcheck's own list of host keys. */
  readonly knownHosts: string;
}

const CONNECT_SECONDS = 10;
/** A guest that died or was paused is given up after a minute. */
const ALIVE = ['ServerAliveInterval=15', 'ServerAliveCountMax=4'];

/**
 * Options of ssh and sftp. The user's own configuration is not read: what it says of `*` (forwarding, a remote command, a shared connection)
 * is meant for people at a terminal.
 */
export function sshOptions({ user, port, key, alias, knownHosts }: SshTarget): string[] {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile="${knownHosts.replaceAll('%', '%%').replaceAll('"', String.raw`\"`)}"`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    `ConnectTimeout=${CONNECT_SECONDS}`,
    ...ALIVE,
    'LogLevel=ERROR',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'ForwardX11=no',
    ...(alias === null ? [] : [`HostKeyAlias=${alias}`]),
    ...(user === null ? [] : [`User=${user}`]),
    ...(port === null ? [] : [`Port=${port}`]),
    ...(key === null ? [] : ['IdentitiesOnly=yes']),
  ];
  return ['-F', '/dev/null', ...(key === null ? [] : ['-i', key]), ...options.flatMap((option) => ['-o', option])];
}
