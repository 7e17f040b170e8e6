import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type Report, reportSchema } from '../../src/report/model.ts';
import { BAD_DOMAIN } from './bad-domain.ts';
import { boot } from './boot.ts';
import { CLEAN } from './hardware.ts';
import { missingTools } from './kernel.ts';

const obstacle = missingTools();

/** Software emulation of AMD processors has no threads of a core. */
const HARDWARE = { iommu: 'amd', devices: CLEAN, commandLine: 'iommu=pt', processors: ['-smp', '6,sockets=1,cores=6'] } as const;

const INSIDE = `configure_vfio 1002:5046,8086:2668; bind_to_vfio 0000:01:00.0 0000:01:00.1
echo 512 > /proc/sys/vm/nr_hugepages; start_libvirt
mkdir -p /tmp/lint; cd /tmp/lint; out=/run/virtual-host/out
printf 'thresholds: { hostReserveMiB: 512 }\\n' > passcheck.yaml
cat > win11.xml <<'XML'
${BAD_DOMAIN}XML
passcheck lint win11.xml --host --format json > $out/before.json || [ $? -eq 1 ]
passcheck lint win11.xml --host --fix > $out/fixed.txt || [ $? -ne 4 ]
passcheck pins --into win11.xml --gpu 0000:01:00.0 > $out/pins.txt
passcheck lint win11.xml --host --format json > $out/after.json || true
cp win11.xml $out/
virsh -q -c qemu:///system define win11.xml
virsh -q -c qemu:///system start win11 --paused
virsh -q -c qemu:///system domstate win11 > $out/state
virsh -q -c qemu:///system vcpupin win11 > $out/vcpupin
# The VM holds its pages and its CPUs now.
passcheck lint win11 --format json > $out/running.json || true
passcheck snapshot /tmp/lint/snapshot > /dev/null
passcheck lint win11 --from /tmp/lint/snapshot --format json > $out/recorded.json || true
virsh -q -c qemu:///system destroy win11`;

/** Windows wants more than the 512 MiB that this host can spare. */
const LEFT = ['domain/memory/enough'];

describe.skipIf(obstacle !== null)('a bad definition in a virtual passthrough host', () => {
  it('is mended by --fix and pins, accepted by libvirt, and starts', async () => {
    const booted = await boot(HARDWARE, INSIDE);
    const read = (name: string): string => readFileSync(join(booted.out, name), 'utf8');
    const report = (name: string): Report => reportSchema.parse(JSON.parse(read(name)));
    const failing = (name: string): string[] =>
      report(name)
        .results.filter(({ status, severity }) => status === 'fail' && (severity === 'blocker' || severity === 'major'))
        .map(({ id }) => id);
    try {
      expect(booted.exitCode, booted.log).toBe(0);
      expect(report('before.json').verdict).toBe('NO-GO');
      expect(failing('before.json')).toEqual(expect.arrayContaining(['domain/cpu/topology-product', 'domain/hyperv/dependencies']));
      expect(read('win11.xml')).toContain('<!-- my gaming VM -->');
      expect({ verdict: report('after.json').verdict, failing: failing('after.json') }, read('win11.xml')).toEqual({
        verdict: 'GO',
        failing: LEFT,
      });
      expect(read('state').trim()).toBe('paused');
      expect(read('vcpupin').match(/^ *[0-3] +\d$/gm)).toHaveLength(4);
      expect({ verdict: report('running.json').verdict, failing: failing('running.json') }).toEqual({ verdict: 'GO', failing: LEFT });
      expect(failing('recorded.json')).toEqual(failing('running.json'));
    } finally {
      booted.dispose();
    }
  });
});
