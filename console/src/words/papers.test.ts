import { describe, expect, it } from 'vitest';
import { missingWords, resultWords } from './papers';

describe('what became of a bundle', () => {
  it('names first what asks for a person', () => {
    const words = resultWords({ taken: 3, quarantined: 1, duplicate: 0 });
    expect(words.map((one) => one.isDoubt)).toEqual([true, false]);
    expect(words[0]?.text).toMatch(/^1 vouched for by nobody/);
    expect(words[1]?.text).toBe('3 taken as new');
  });
  it('keeps a result it does not know, as a doubt', () => {
    expect(resultWords({ 'put off': 2 })).toEqual([{ text: '2 put off', isDoubt: true }]);
  });
  it('names what still lacks by serial and epoch', () => {
    expect(missingWords({ epoch: 2, first: 4, last: 7 })).toBe('4 to 7 of epoch 2');
    expect(missingWords({ epoch: 1, first: 5, last: 5 })).toBe('5 of epoch 1');
  });
});
