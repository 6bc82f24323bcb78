import { describe, expect, it } from 'vitest';
import { everything, isNarrowed, listAddress, readFilter, writeFilter } from './filter.ts';

const read = (search: string) => readFilter(new URLSearchParams(search));

describe('the filter in an address', () => {
  it('is open issues when nothing is said', () => {
    expect(read('')).toEqual(everything);
    expect(writeFilter(everything)).toEqual({});
    expect(isNarrowed(everything)).toBe(false);
  });

  it('comes back as it was written', () => {
    const search = 'repository=acme%2Fshop&category=bug&priority=high&source=person&q=%2312+crash&state=all';
    const filter = read(search);
    expect(filter).toEqual({
      repository: 'acme/shop',
      category: 'bug',
      priority: 'high',
      state: 'all',
      source: 'person',
      q: '#12 crash',
    });
    expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
  });

  it('drops what it does not know', () => {
    expect(read('category=toString&state=gone&repository=../../etc&q=%20&x=1')).toEqual(everything);
  });
});

describe('the address of a list', () => {
  it('asks for open issues, and leaves the state out for all', () => {
    expect(listAddress(everything, 50, null)).toBe('/api/issues?limit=50&state=open');
    expect(listAddress({ state: 'all', q: ' a b ' }, 10, 'x=')).toBe(
      '/api/issues?limit=10&q=a+b&cursor=x%3D',
    );
  });
});
