import { enlightenmentsOf, isEnlightened } from '../../../src/domain/enlightenments.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { enlightenedWindows } from '../hyperv-applies.ts';
import { CODE_43_SOURCES, mayNeedHiding, WHEN_HIDING_IS_NEEDED } from '../hyperv-hiding.ts';

export default defineDomainRule({
  id: 'domain/hyperv/vendor-id',
  title: 'Hyper-V has its own name',
  severity: 'info',
  wantsHost: ['pciDevices'],
  applies: [enlightenedWindows],
  why: 'Another name hid the virtual machine from GeForce drivers that refused to run in one (Code 43). NVIDIA allows it since driver 465 of 2021, and Windows does not look at the name.',
  sources: CODE_43_SOURCES,
  evaluate(document, { pciDevices }) {
    const enlightenments = enlightenmentsOf(document.root);
    const vendorId = enlightenments.written.get('vendor_id');
    if (vendorId === undefined || enlightenments.mode !== 'custom' || !isEnlightened(enlightenments, 'vendor_id')) return [];
    const reason = mayNeedHiding(document, pciDevices);
    if (reason !== null) return passAt(document, vendorId, reason);
    return failAt(
      document,
      vendorId,
      `vendor_id '${(attribute(vendorId, 'value') ?? '').slice(0, 40)}' hides Hyper-V from drivers that no longer mind it`,
      {
        remedy: xmlRemedy(document, `Outdated advice, harmless: you may remove <vendor_id>. ${WHEN_HIDING_IS_NEEDED}`),
      },
    );
  },
});
