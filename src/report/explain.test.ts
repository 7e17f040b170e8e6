import { describe, expect, it } from 'vitest';

import { checks } from '../../suites/registry.ts';
import { explainCheck } from './explain.ts';

function explained(id: string): string {
  const check = checks.find((one) => one.id === id);
  return check === undefined ? '' : explainCheck(check).replaceAll(/\s+/g, ' ');
}

describe('what is explained of a check', () => {
  it('says with --host how a rule is asked that needs facts of the host', () => {
    const text = explained('domain/pci/device-present');
    expect(text).toContain('the definition; facts of the host: ');
    expect(text).toContain('passcheck lint FILE --host --only pci/device-present');
  });

  it('says how one is asked that needs none', () => {
    const text = explained('domain/cpu/topology-product');
    expect(text).toContain('Looks at the definition Sources');
    expect(text).toContain('passcheck lint FILE --only cpu/topology-product');
  });
});
