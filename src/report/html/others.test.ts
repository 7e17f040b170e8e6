import { describe, expect, it } from 'vitest';

import { madeUp } from '../../../test/measurements.ts';
import { aReport, aResult, NO_GO_REPORT } from '../../../test/report.ts';
import { elementsOf, type HtmlElement, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Report } from '../model.ts';
import { othersSection } from './others.ts';

function elements(report: Report): HtmlElement[] {
  return elementsOf(parseStrictly(othersSection(report)?.body.markup ?? ''));
}

function texts(report: Report, name: string): string[] {
  return elements(report)
    .filter((element) => element.name === name)
    .map((element) => textOf(element).replaceAll(/\s+/g, ' ').trim());
}

function hasFilter(report: Report): boolean {
  return elements(report).some(({ attributes }) => attributes.get('role') === 'search');
}

describe('all other results', () => {
  it('are in folded tables of what passed, with what was seen, and of what did not apply, with the reason', () => {
    expect(texts(NO_GO_REPORT, 'summary')).toEqual(['Passed 2', 'Not applicable 1']);
    expect(texts(NO_GO_REPORT, 'tr')).toEqual([
      'CheckSeverityWhat was seen',
      'preflight/cpu/virtualizationThe CPU can run virtual machinesblockernested: this host is itself a VM/sys/class/iommu ivhd0',
      'preflight/iommu/enabledThe kernel translates the DMA of devices through an IOMMUblocker/sys/class/iommu ivhd0',
      'CheckSeverityWhy not',
      'preflight/memory/memlockQEMU may lock the memory of the guestminorlibvirt raises the limit itself for qemu:///system',
    ]);
  });

  it('say what a check that passed has noted, before anything is opened', () => {
    expect(texts(NO_GO_REPORT, 'div')[0]).toBe('Notedpreflight/cpu/virtualization nested: this host is itself a VM');
  });

  it('name their subjects where they have different ones', () => {
    const report = aReport({ results: [aResult({ subject: '0000:01:00.0' })] });
    expect(texts(report, 'tr')[0]).toBe('CheckSubjectSeverityWhat was seen');
    const about = aReport({ suite: 'domain', subject: { host: null, domain: 'a.xml' }, results: [aResult({ subject: 'a.xml' })] });
    expect(texts(about, 'tr')[0]).toBe('CheckSeverityWhat was seen');
  });

  it('show what was left out as no pass', () => {
    expect(texts(aReport({ results: [aResult({ status: 'skipped' })] }), 'summary')).toEqual(['Skipped 1']);
    expect(texts(aReport({ results: [aResult({ status: 'skipped' })] }), 'tr')[1]).toContain('? blocker');
  });

  it('sort by how grave a severity is, not by its letters', () => {
    const report = aReport({ results: [aResult({ severity: 'info' }), aResult({ severity: 'blocker' })] });
    const keys = elements(report).flatMap(({ attributes }) => attributes.get('data-sort') ?? []);
    expect(keys).toEqual(['3', '0']);
  });

  it('bring the filter only where no finding above has it, and there is much to filter', () => {
    const many = Array.from({ length: 8 }, () => aResult());
    expect(hasFilter(aReport({ results: many }))).toBe(true);
    expect(hasFilter(aReport({ results: many.slice(1) }))).toBe(false);
    expect(hasFilter(aReport({ results: [...many, aResult({ status: 'error' })] }))).toBe(false);
  });

  it('can be filtered only by what occurs, and are told what is not searched', () => {
    const results = Array.from({ length: 8 }, () => aResult());
    expect(texts(aReport({ results }), 'option')).toEqual(['all', 'blocker', 'all', 'passed']);
    const searched = texts(aReport({ results, measurements: madeUp('latency') }), 'p');
    expect(searched).toContain('Measurements are not searched.');
    expect(texts(aReport({ results }), 'p').join(' ')).not.toContain('searched');
  });
});
