#!/usr/bin/env bash
# Run as process 1 of new mount, network and process namespaces: makes everything private that libvirt, swtpm and passcheck keep, starts
# libvirtd, prints "ready", and ends when standard input does, and everything in the namespaces with it. See libvirtd.ts.
set -euo pipefail
trap 'echo "line $LINENO: $BASH_COMMAND" >&2' ERR
private=$1

# like MODEL FOLDER: the same owner and mode.
like() { chown --reference="$1" "$2"; chmod --reference="$1" "$2"; }

# The interfaces under /sys are those of the network namespace in which it was mounted. No control groups: those of this machine stay as
# they are, and libvirt gets on without.
mkdir -p "$private"/{sys,etc,lib}
if mount -t sysfs private "$private/sys" 2> /dev/null; then
  umount --recursive --lazy /sys
  mount --move "$private/sys" /sys
else
  umount --recursive --lazy /sys/fs/cgroup
fi

mount -t tmpfs -o mode=755 private "$private/etc"
cp -a /etc/. "$private/etc/"
rm -rf "$private"/etc/libvirt/{qemu,storage,secrets}
mount --bind "$private/etc" /etc
mkdir -p /etc/libvirt/qemu/networks
printf '\nuser = "root"\ngroup = "root"\nsecurity_driver = "none"\n' >> /etc/libvirt/qemu.conf
[ -s /etc/machine-id ] || { rm -f /etc/machine-id; echo 0123456789abcdef0123456789abcdef > /etc/machine-id; }

# /var/lib with new folders for what keeps state, and everything else as it is.
mount -t tmpfs -o mode=755 private "$private/lib"
for folder in /var/lib/*/; do
  name=$(basename "$folder")
  mkdir "$private/lib/$name"
  case $name in
    libvirt | passcheck | swtpm-localca) like "$folder" "$private/lib/$name" ;;
    *) mount --rbind "$folder" "$private/lib/$name" ;;
  esac
done
mount --rbind "$private/lib" /var/lib
mkdir -p -m 711 /var/lib/libvirt/{boot,dnsmasq,images,qemu,swtpm}

for folder in /run /var/log/libvirt /var/log/swtpm /var/cache/libvirt; do
  mkdir -p "$folder"
  mount -t tmpfs -o mode=755 private "$folder"
done
mkdir -p /run/libvirt /run/lock
mkdir -p -m 711 /var/log/swtpm/libvirt/qemu
if id tss > /dev/null 2>&1; then chown tss /var/log/swtpm/libvirt/qemu; fi

ip link set lo up
virtlogd -d
libvirtd -d
until virsh -q -c qemu:///system uri > /dev/null 2>&1; do sleep 0.05; done
echo ready
# Not a process of its own: this one collects the children that others left behind. Nothing is ever written to it.
read -r _ || true
