# Sourced by each scenario's command, as root inside the virtual host.
set -e
# A host that hangs or fails leaves its last command in the log.
PS4='+ ${SECONDS}s '
set -x

# The GPU and its audio function to vfio-pci, by address.
bind_to_vfio() {
  for address in "$@"; do
    device=/sys/bus/pci/devices/$address
    echo vfio-pci > "$device/driver_override"
    [ ! -e "$device/driver" ] || echo "$address" > "$device/driver/unbind"
    echo "$address" > /sys/bus/pci/drivers_probe
  done
}

# configure_vfio IDS: a modprobe configuration that binds by vendor:device, as guides tell, and the initial RAM disk that it
# makes at the next boot.
configure_vfio() {
  printf 'options vfio-pci ids=%s\nsoftdep aty128fb pre: vfio-pci\nsoftdep amdgpu pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n' "$1" \
    > /etc/modprobe.d/vfio.conf
  mkdir -p /etc/initramfs-tools
  printf 'vfio_pci\nvfio\nvfio_iommu_type1\n' > /etc/initramfs-tools/modules
  make_initramfs
}

# What `update-initramfs` writes, as far as vfio is concerned; the whole of it would take long in software emulation.
make_initramfs() {
  local release modules
  release=$(uname -r); modules=lib/modules/$release/kernel/drivers/vfio
  mkdir -p "/tmp/initramfs/usr/$modules/pci" /tmp/initramfs/etc/modprobe.d
  cp /etc/modprobe.d/*.conf /tmp/initramfs/etc/modprobe.d/
  cp "/$modules"/*.ko "/tmp/initramfs/usr/$modules/"; cp "/$modules"/pci/*.ko "/tmp/initramfs/usr/$modules/pci/"
  (cd /tmp/initramfs && find . | cpio -o -H newc 2> /dev/null | gzip -1) > "/boot/initrd.img-$release"
  touch /usr/sbin/update-initramfs; chmod +x /usr/sbin/update-initramfs
  rm -r /tmp/initramfs
}

start_libvirt() {
  mkdir -p /var/lib/libvirt/images /var/lib/libvirt/qemu /var/lib/libvirt/iso /var/log/libvirt/qemu /etc/libvirt/qemu/networks
  chown libvirt-qemu /var/lib/libvirt/qemu
  virtlogd -d; libvirtd -d
  until virsh -q -c qemu:///system uri > /dev/null 2>&1; do sleep 0.2; done
}

# define_vm NAME MEMORY_MIB [XML inside <domain>] [XML inside <devices>]
define_vm() {
  local type=qemu; [ ! -e /dev/kvm ] || type=kvm
  cat > /tmp/vm.xml <<XML
<domain type='$type'>
  <name>$1</name><memory unit='MiB'>$2</memory><vcpu>2</vcpu>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/><apic/></features>$3
  <devices>$4<memballoon model='none'/><video><model type='none'/></video></devices>
</domain>
XML
  virsh -q -c qemu:///system define /tmp/vm.xml
}

# hostdev ADDRESS MANAGED: the element that gives a PCI device to a domain.
hostdev() {
  local rest=${1#*:}; local slot=${rest#*:}
  echo "<hostdev mode='subsystem' type='pci' managed='$2'><source><address domain='0x${1%%:*}' bus='0x${rest%%:*}' slot='0x${slot%.*}' function='0x${slot#*.}'/></source></hostdev>"
}

passcheck() { node /opt/passcheck/dist/cli.js "$@"; }
