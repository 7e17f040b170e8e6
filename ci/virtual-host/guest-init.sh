#!/bin/busybox sh
# First process of a guest in the virtual host: the root file system over 9p, an address by DHCP on each network card, sshd, and
# the guest agent as the process that stays.
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod "/modules/$module" 2>/dev/null; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /low || echo 'guest: no root file system'
mount -t tmpfs upper /up; mkdir /up/upper /up/work
mount -t overlay -o lowerdir=/low,upperdir=/up/upper,workdir=/up/work / /root
cat > /dhcp <<'SH'
#!/bin/busybox sh
[ "$1" = bound ] || exit 0
ip addr add "$ip/$mask" dev "$interface"
SH
chmod +x /dhcp; ip link set lo up
for card in /sys/class/net/e*; do card=${card##*/}; ip link set "$card" up; udhcpc -i "$card" -n -q -t 5 -s /dhcp > /dev/null 2>&1; done
for folder in proc sys dev; do mount --move /$folder /root/$folder; done
mount -t tmpfs run /root/run; mount -t tmpfs tmp /root/tmp; mkdir -p /root/dev/pts; mount -t devpts devpts /root/dev/pts
# What udev does for the ports of virtio-serial.
mkdir -p /root/dev/virtio-ports
for port in /root/sys/class/virtio-ports/*; do ln -s "../${port##*/}" "/root/dev/virtio-ports/$(cat "$port/name")"; done
mkdir -p /root/run/sshd /root/root/.ssh /root/etc/ssh
cp /ssh/ssh_host_ed25519_key /root/run/host_key; cp /ssh/authorized_keys /root/root/.ssh/authorized_keys
chmod 700 /root/root /root/root/.ssh; chmod 600 /root/run/host_key /root/root/.ssh/authorized_keys
# Without an init system nothing else would power off what the agent is asked to shut down.
rm -f /root/usr/sbin/shutdown
printf '#!/bin/sh\n(sleep 1; exec /bin/busybox poweroff -f) &\n' > /root/usr/sbin/shutdown; chmod +x /root/usr/sbin/shutdown
echo 'root:*:20000:0:99999:7:::' > /root/etc/shadow
grep -q '^sshd:' /root/etc/passwd || echo 'sshd:x:110:65534::/run/sshd:/usr/sbin/nologin' >> /root/etc/passwd
cat > /root/run/start <<'SH'
#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
hostname guest; cd /
/usr/sbin/sshd -h /run/host_key -o UsePAM=no -o StrictModes=no
exec /usr/sbin/qemu-ga -m virtio-serial -p /dev/virtio-ports/org.qemu.guest_agent.0 -t /run
SH
exec switch_root /root /bin/sh /run/start
