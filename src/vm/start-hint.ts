/** What libvirt and QEMU say when a VM does not start, and what helps. The first that fits. */
const HINTS: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  [
    /Cannot access (?:backing|storage) file '([^']{1,4000})'.*No such file/,
    (path) => `Put the image there, or take it out of the VM: ${path}`,
  ],
  [
    /Cannot access (?:backing|storage) file '([^']{1,4000})'.*Permission denied/,
    (path) => `Let libvirt's user read it and every folder above it: namei -l ${path}`,
  ],
  [
    /Failed to get (?:shared )?"(?:write|consistent read)" lock|Is another process using the image/,
    'Stop what has the image open: a VM, or qemu-img',
  ],
  [/network '([^']{1,200})' is not active/, (name) => `Start the network: virsh net-start ${name}`],
  [
    /[Nn]etwork not found: no network with matching name '([^']{1,200})'/,
    (name) => `Make the network ${name}, or change the VM's interface`,
  ],
  [
    /Cannot get interface MTU on '([^']{1,64})'|Unable to add bridge ([\w.-]{1,64}) port/,
    'Make the bridge that its interface is to be on, or change the interface',
  ],
  [
    /hugetlbfs|hugepages?|can't open backing store|unable to map backing store for guest RAM|os_mem_prealloc|[Ii]nsufficient free memory|preallocate memory/i,
    'Reserve the hugepages that it needs: passcheck preflight says how many, and how',
  ],
  [/Cannot allocate memory|cannot set up guest memory/, 'Stop other VMs or programs, or give it less memory: free -m'],
  [/in use by driver .{1,40}, domain ([^\n]{1,200})/, (name) => `Stop the VM that has the device: ${name}`],
  [
    /vfio|iommu|[Hh]ost PCI|PCI device|node device not found|\/sys\/bus\/pci/i,
    'See whether the device is there and free for a VM: passcheck preflight',
  ],
  [/swtpm|TPM/, 'Install swtpm and swtpm-tools; its log is in /var/log/swtpm/libvirt/qemu'],
  [
    /master var store|[Uu]nable to find any firmware|OVMF|pflash/,
    'Install the UEFI firmware for VMs (ovmf, edk2-ovmf), or mend the paths of its loader',
  ],
  [/KVM|virt type 'kvm'|\/dev\/kvm/, 'See why KVM cannot be used here: passcheck preflight'],
  [/Failed to bind socket|Address already in use/, 'Free the port of its console, or let libvirt choose one (autoport)'],
  [/unsupported machine type|does not support|is not supported/, 'See which part of the definition this QEMU lacks: passcheck lint'],
  [/Permission denied|Could not open/, "Look at the file in libvirt's message: libvirt's user has to be able to use it"],
];

/** An imperative that fits what `virsh start` printed; null where nothing is known. */
export function startHint(stderr: string): string | null {
  for (const [pattern, hint] of HINTS) {
    const found = pattern.exec(stderr);
    if (found === null) continue;
    return typeof hint === 'string' ? hint : hint((found[1] ?? '').trim());
  }
  return null;
}
