import { ConnectionError, NotReachedError } from './connection.ts';
import { type ConnectionUri, virshComplaint } from './virsh.ts';

/** No connection at all; virsh says this before anything else, and why in the line after it. */
const NOT_CONNECTED = /^error: failed to connect to the hypervisor$/m;

/**
 * The connection broke while it was used. virsh connects again for the next command of a batch, so the exit code says nothing of it.
 * Seen with libvirt 9.0 when libvirtd was killed, or stopped and started, in the middle of a batch.
 */
const LOST =
  /^error: (?:Disconnected from qemu:|Failed to reconnect to the hypervisor|End of file while reading data|Cannot (?:recv|send|write) data|internal error: client socket is closed)/m;

/** Why libvirt did not answer, from what virsh complained about; null: it answered, be it with a refusal. */
export function silenceOf(uri: ConnectionUri, stderr: string): ConnectionError | null {
  if (NOT_CONNECTED.test(stderr)) {
    const reason = virshComplaint(stderr);
    return new NotReachedError(`${uri} does not answer: ${reason}`, hintOf(uri, reason));
  }
  if (!LOST.test(stderr)) return null;
  return new ConnectionError(`${uri} broke off in the middle: libvirt was stopped, or died`, `Run it again; why it ended: ${journal(uri)}`);
}

/** In the order in which they are tried: the words of libvirt for what is wrong, and what a person does. */
function hintOf(uri: ConnectionUri, reason: string): string {
  if (/no connection driver available/.test(reason)) {
    return "Install libvirt's QEMU driver: apt install libvirt-daemon-system, or dnf install libvirt-daemon-kvm, or pacman -S libvirt";
  }
  if (uri === 'qemu:///session') {
    return `Run it by hand in a login session of this user, and mend what it says: virsh -c ${uri} list --all`;
  }
  if (/authenticat|access denied|polkit|system bus|Permission denied/i.test(reason)) {
    return 'Put this user into the group that manages VMs and log in again (sudo usermod -aG libvirt "$USER"; libvirtd on NixOS), or run passcheck as root';
  }
  if (/No such file or directory|Connection refused/.test(reason)) {
    return 'Start libvirt: systemctl enable --now libvirtd.service, or virtqemud.socket where libvirt is modular; `passcheck preflight` says what is missing';
  }
  return `Run it by hand and look at what it says: virsh -c ${uri} list --all`;
}

function journal(uri: ConnectionUri): string {
  return `journalctl --boot ${uri === 'qemu:///session' ? '--user ' : ''}--unit libvirtd --unit virtqemud`;
}
