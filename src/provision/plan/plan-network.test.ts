import { describe, expect, it } from 'vitest';
import { plan } from '../../../test/plan-steps.ts';
import { desired, liveNetwork, network, uuid } from '../../../test/plan-world.ts';

describe('a network', () => {
  const spec = desired({ networks: [network()] });
  const other = desired({ networks: [network({ bridge: 'virbr57' })] });

  it('that runs and changes is told to be started again', () => {
    const live = liveNetwork();
    const changed = plan(other, { networks: [{ ...live, live: live.inactive.replace('<network>', "<network connections='2'>") }] });
    expect(changed.actions).toMatchObject([
      { step: { do: 'define-network' }, changes: [{ from: 'virbr56', to: 'virbr57', effect: 'next start' }] },
    ]);
    expect(changed.notes).toMatchObject([
      {
        message: 'runs as it was until it is started again',
        fix: expect.stringContaining('Shut down the VMs on it (2 interfaces); start it again: virsh'),
      },
    ]);
  });

  it('that was changed before waits', () => {
    const live = liveNetwork(other.networks[0], { live: liveNetwork().inactive });
    expect(plan(other, { networks: [live] })).toMatchObject({ actions: [], pending: [{ object: { name: 'lab-net' } }] });
  });

  it('for which the spec gives another UUID is refused', () => {
    const given = desired({ networks: [network({ uuid: uuid(9) })] });
    expect(plan(given, { networks: [liveNetwork()] })).toMatchObject({
      actions: [],
      refused: [{ message: expect.stringContaining('libvirt gives no network another'), fix: expect.stringContaining(uuid(1)) }],
    });
  });

  it('of others is used as it is, as long as it fits and runs', () => {
    const foreign = liveNetwork(network(), { owner: null });
    expect(plan(spec, { networks: [foreign] })).toMatchObject({
      actions: [],
      refused: [],
      notes: [{ message: 'not made by passcheck, used as it is' }],
    });
    expect(plan(spec, { networks: [{ ...foreign, isActive: false }] }).refused).toMatchObject([
      { fix: 'Start it, or take it over (passcheck adopt): virsh -c qemu:///system net-start lab-net' },
    ]);
    expect(plan(other, { networks: [foreign] }).refused).toMatchObject([{ message: expect.stringContaining('virbr56 → virbr57') }]);
  });

  it('of another spec is used as it is, and refused only where it differs or does not run', () => {
    const office = liveNetwork(network(), { owner: 'office', autostart: false });
    expect(plan(spec, { networks: [office] })).toMatchObject({
      actions: [],
      refused: [],
      notes: [{ message: 'belongs to the spec office, used as it is' }],
    });
    expect(plan(spec, { networks: [{ ...office, isActive: false }] }).refused).toHaveLength(1);
    expect(plan(other, { networks: [office] }).refused).toMatchObject([
      { message: 'it belongs to the spec office', fix: expect.stringContaining('write bridge: virbr56 in place of network') },
    ]);
  });

  it('whose UUID is another one is refused', () => {
    expect(plan(spec, { networks: [liveNetwork(network({ name: 'old', bridge: 'virbr9' }))] }).refused).toMatchObject([
      { message: 'its UUID is that of the network old' },
    ]);
  });
});
