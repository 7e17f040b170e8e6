import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, pass } from '../../../src/engine/outcome.ts';
import { installSteps } from '../../../src/remedy/packages.ts';

export default defineCheck({
  id: 'preflight/libvirt/virt-manager',
  title: 'virt-manager is installed',
  severity: 'info',
  needs: ['virtManager'],
  wants: ['platform'],
  why: 'It shows the consoles of VMs and edits them; nothing that passcheck does needs it.',
  sources: ['https://virt-manager.org'],
  evaluate({ virtManager, platform }) {
    if (virtManager.state === 'ok') return pass({ source: virtManager.value, observed: 'there' });
    if (virtManager.state === 'unreadable') return couldNotLook('/usr/bin/virt-manager', virtManager.detail, 'look by hand');
    if (platform.ok && platform.value.hasOwnVms === true) return notApplicable('Proxmox VE has its web interface');
    const summary = 'Install virt-manager when a graphical tool is wanted';
    return fail('virt-manager is not installed', {
      evidence: [{ source: '/usr/bin/virt-manager', observed: 'not there' }],
      remedy: platform.ok ? { summary, steps: installSteps(platform.value, ['virt-manager']) } : { summary },
    });
  },
});
