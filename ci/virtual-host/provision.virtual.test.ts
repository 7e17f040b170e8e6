import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { boot } from './boot.ts';
import { makeGuest } from './guest.ts';
import { CLEAN } from './hardware.ts';
import { missingTools } from './kernel.ts';

const obstacle = missingTools() ?? (existsSync('/usr/sbin/sshd') ? null : 'not installed: sshd');

const HARDWARE = { iommu: 'amd', devices: CLEAN, commandLine: 'iommu=pt', processors: ['-smp', '4,sockets=1,cores=4'] } as const;

/** The VM of phase 0, as small as this host; SeaBIOS, because OVMF within two emulations makes the outer QEMU abort. */
const SPEC = `name: phase-0
networks:
  lab-net: { address: 192.168.56.1/24, bridge: virbr56, dhcp: { start: 192.168.56.100, end: 192.168.56.200 } }
pools:
  images: { path: /var/lib/libvirt/images/phase-0 }
volumes:
  neuron: { pool: images, size: 1 GiB }
vms:
  neuron:
    os: linux
    firmware: bios
    secureBoot: false
    memory: 512 MiB
    hugepages: true
    vcpus: 2
    pins: auto
    disks: [{ volume: neuron }]
    nics: [{ network: lab-net }]
    gpu: { devices: ["0000:01:00.0", "0000:01:00.1"], ids: ["1002:5046", "8086:2668"] }
    lookingGlass: { resolution: 1920x1080 }
    spice: false
`;

/** What has no place in a spec, added by hand as a user would: a kernel to boot, the root file system. */
const BY_HAND = `
s#</os>#<kernel>/var/lib/libvirt/images/vmlinuz</kernel><initrd>/var/lib/libvirt/images/guest.gz</initrd><cmdline>console=ttyS0 quiet edd=off</cmdline></os>#
s#</devices>#<filesystem type='mount' accessmode='passthrough'><source dir='/'/><target dir='host'/><readonly/></filesystem></devices>#
s#(<model type='virtio'/>)(.*)#\\1<rom enabled='no'/>\\2#`;

const INSIDE = `printf 'user="root"\\ngroup="root"\\nsecurity_driver="none"\\n' >> /etc/libvirt/qemu.conf
configure_vfio 1002:5046,8086:2668; bind_to_vfio 0000:01:00.0 0000:01:00.1
echo 300 > /proc/sys/vm/nr_hugepages; start_libvirt
out=/run/virtual-host/out; cp $out/guest/vmlinuz $out/guest/guest.gz /var/lib/libvirt/images/
install -m 600 $out/guest/key /tmp/key
mkdir -p /tmp/lab; cd /tmp/lab
virsh() { command virsh -q -c qemu:///system "$@"; }
cat > lab.yaml <<'YAML'
${SPEC}YAML
code() { local name=$1; shift; local status=0; "$@" > $out/$name.txt 2> $out/$name.err || status=$?; echo $status > $out/$name.code; }
code plan passcheck plan lab.yaml
code apply passcheck apply lab.yaml
code again passcheck apply lab.yaml
virsh dumpxml --inactive neuron | sed -E "$(cat <<'SED'${BY_HAND}
SED
)" > by-hand.xml; virsh define by-hand.xml
code by-hand passcheck plan lab.yaml
code start passcheck vm start neuron
code wait passcheck vm wait neuron --timeout 150
virsh dumpxml neuron > $out/running.xml
virsh vcpupin neuron > $out/vcpupin.txt
code ip passcheck vm ip neuron
code exec passcheck vm exec neuron -- sh -c 'cat /sys/bus/pci/devices/*/vendor | grep -c 0x1002; echo mistake >&2; exit 7'
printf '#!/bin/sh\\necho "from $(hostname): $1"\\n' > hello.sh
code script passcheck vm run-script neuron hello.sh 'a b'
head -c 60000 /dev/urandom > up.bin
code up passcheck vm copy up.bin neuron:/tmp/up.bin
code down passcheck vm copy neuron:/tmp/up.bin down.bin
cmp up.bin down.bin && echo same > $out/copied.txt
code ssh passcheck vm exec --via ssh --user root --key /tmp/key neuron -- 'hostname'
sed 's/vcpus: 2/vcpus: 1/' lab.yaml > smaller.yaml
code change passcheck plan smaller.yaml
code stop passcheck vm stop neuron
code snapshot passcheck vm snapshot neuron clean
qemu-io -c 'write -P 0x55 0 64k' /var/lib/libvirt/images/phase-0/neuron.qcow2
code revert passcheck vm revert neuron clean --yes
qemu-io -r -c 'read -P 0 0 64k' /var/lib/libvirt/images/phase-0/neuron.qcow2 > $out/reverted.txt
code destroy passcheck destroy lab.yaml --yes
virsh list --all --name > $out/left.txt; ls /var/lib/libvirt/images/phase-0 > $out/files.txt`;

describe.skipIf(obstacle !== null)('the VM of phase 0 in a virtual passthrough host', () => {
  it('is planned, applied, started with its GPU, used through agent and sshd, reverted and destroyed', { timeout: 640_000 }, async () => {
    const booted = await boot(HARDWARE, INSIDE, {
      limitMs: 540_000,
      prepare: (out, kernel) => makeGuest(kernel, join(out, 'guest')),
    });
    const read = (name: string): string => {
      const file = join(booted.out, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : '(never written)';
    };
    try {
      expect(booted.exitCode, booted.log).toBe(0);
      const said = (name: string): string => `${name}:\n${read(`${name}.txt`)}${read(`${name}.err`)}`;
      const code = (name: string): number => Number(read(`${name}.code`));
      const codes = { plan: 5, apply: 0, again: 0, 'by-hand': 0, start: 0, wait: 0, ip: 0, exec: 7, script: 0, up: 0, down: 0, ssh: 0 };
      for (const [name, expected] of Object.entries({ ...codes, change: 5, stop: 0, snapshot: 0, revert: 0, destroy: 0 }))
        expect(code(name), said(name)).toBe(expected);
      expect(read('running.xml')).toMatch(/<hostdev[^]*bus='0x01' slot='0x00' function='0x0'[^]*function='0x1'/);
      expect(read('vcpupin.txt').match(/^ *[01] +\d$/gm)).toHaveLength(2);
      expect(read('ip.txt')).toContain('192.168.56.1');
      expect(read('exec.txt')).toBe('1\n');
      expect(read('exec.err')).toContain('mistake');
      expect(read('script.txt')).toBe('from guest: a b\n');
      expect(read('copied.txt')).toBe('same\n');
      expect(read('ssh.txt')).toBe('guest\n');
      expect(read('change.txt')).toContain('next start');
      expect(read('reverted.txt')).not.toContain('Pattern verification failed');
      expect(read('left.txt').trim()).toBe('');
      expect(read('files.txt')).toContain('neuron.qcow2');
    } finally {
      booted.dispose();
    }
  });
});
