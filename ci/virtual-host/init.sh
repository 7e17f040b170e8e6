#!/bin/busybox sh
# First process of the virtual host: the host's own root filesystem (read-only over 9p, a throw-away overlay above),
# with nothing of the outer machine's state to be seen: libvirt's, root's home, /run, /tmp, /home, mounts of /etc.
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do
  case $module in kvm-amd.ko) grep -q svm /proc/cpuinfo || continue;; esac
  insmod "/modules/$module" 2>/dev/null
done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /low || echo 'virtual host: no root file system'
mount -t tmpfs upper /up; mkdir /up/upper /up/work
mount -t overlay -o lowerdir=/low,upperdir=/up/upper,workdir=/up/work / /root
for folder in proc sys dev; do mount --move /$folder /root/$folder; done
mount -t tmpfs run /root/run
mkdir -p /root/dev/shm /root/dev/pts /root/dev/hugepages /root/run/libvirt /root/run/virtual-host/out /root/opt/passcheck
mount -t tmpfs shm /root/dev/shm; mount -t devpts devpts /root/dev/pts; mount -t hugetlbfs hugetlbfs /root/dev/hugepages
mount -t cgroup2 cgroup /root/sys/fs/cgroup; mount -t securityfs securityfs /root/sys/kernel/security 2>/dev/null
[ -d /root/sys/firmware/efi/efivars ] && mount -t efivarfs efivarfs /root/sys/firmware/efi/efivars 2>/dev/null
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro project /root/opt/passcheck
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 out /root/run/virtual-host/out
for folder in /etc/libvirt/qemu /etc/modprobe.d /etc/cron.d /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /root /home /tmp /boot /var/tmp; do
  [ -d /root$folder ] && mount -t tmpfs "$(basename $folder)" /root$folder
done
mkdir -p /root/var/lib/libvirt/images; mount -t ext4 /root/dev/vda /root/var/lib/libvirt/images
release=$(uname -r)
mkdir -p /root/lib/modules/$release
mount -o bind "/low$(cat /modules/tree)" /root/lib/modules/$release
cp /modules/config /root/boot/config-$release 2>/dev/null
mkdir -p /root/boot/grub /root/etc/default; : > /root/boot/grub/grub.cfg
printf 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="%s"\nGRUB_CMDLINE_LINUX=""\n' "$(sed 's/^console=ttyS0 quiet panic=-1 no_timer_check/quiet/' /root/proc/cmdline)" > /root/etc/default/grub
cp /command /root/run/virtual-host/command; cp /inside.sh /root/run/virtual-host/inside.sh
# Accounts of Debian's packages only: nobody of the outer machine is known inside.
known='root|daemon|bin|sys|sync|nobody|nogroup|_apt|tty|disk|kmem|video|render|input|kvm|messagebus|polkitd|dnsmasq|tss|swtpm|libvirt|libvirt-qemu|libvirt-dnsmasq'
for file in passwd group; do grep -E "^($known):" /low/etc/$file > /root/etc/$file; done
for file in shadow gshadow; do : > /root/etc/$file; done
cat > /root/run/virtual-host/start <<'START'
#!/bin/bash
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
cd /
# What udev does on Debian; libvirt probes QEMU again and again while its user cannot open /dev/kvm.
[ ! -e /dev/kvm ] || { chgrp kvm /dev/kvm && chmod 0660 /dev/kvm; }
hostname gaia; echo gaia > /etc/hostname; ip link set lo up
setsid bash /run/virtual-host/command > /run/virtual-host/out/log 2>&1 < /dev/null
echo $? > /run/virtual-host/out/status
sync; echo 1 > /proc/sys/kernel/sysrq; echo o > /proc/sysrq-trigger; while :; do :; done
START
exec switch_root /root /bin/bash /run/virtual-host/start
