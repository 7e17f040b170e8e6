/** What libvirt says where a person can do something that it does not name. */
const FIXES: readonly { readonly says: RegExp; readonly fix: (match: RegExpExecArray) => string }[] = [
  {
    // Seen on libvirt 9.0 when libvirtd was killed while it started the network.
    says: /error creating bridge interface ([\w.-]{1,15}): File exists/,
    fix: ([, bridge = '']) =>
      `something else made that interface, or a libvirt that was killed left it behind; when nobody uses it: ip link delete ${bridge}`,
  },
  {
    says: /Address already in use|failed to create listening socket for/,
    fix: () => 'another DNS or DHCP server (dnsmasq?) has the address of the network: ss --udp --tcp --listening --processes --numeric',
  },
  {
    says: /access denied|not authorized|authentication (?:failed|unavailable)/i,
    fix: () => 'this user may not change libvirt: run passcheck as root, or put the user into the group libvirt',
  },
  {
    says: /doesn't support option --keep-tpm/,
    fix: () => 'libvirt 8.9 is the first that can keep what the TPM of this VM holds: update libvirt',
  },
];

/** A complaint of libvirt with what to do about it, where that is known. */
export function complaintWithFix(complaint: string): string {
  for (const { says, fix } of FIXES) {
    const match = says.exec(complaint);
    if (match !== null) return `${complaint} (${fix(match)})`;
  }
  return complaint;
}
