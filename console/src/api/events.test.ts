import { expect, test } from 'vitest';
import { EventCutter } from './events';

const TEXT = ': heartbeat\n\nid: 7\nevent: operation\ndata: {"change":7}\n\nid: 8\ndata: {"change":8}\n\n';

test('events come whole, however the bytes are cut', () => {
  for (let size = 1; size <= TEXT.length; size += 1) {
    const cutter = new EventCutter();
    const found: string[] = [];
    for (let i = 0; i < TEXT.length; i += size) found.push(...cutter.take(TEXT.slice(i, i + size)));
    expect(found).toEqual(['{"change":7}', '{"change":8}']);
  }
});

test('what is not finished yet waits for its end', () => {
  const cutter = new EventCutter();
  expect(cutter.take('data: {"change":1}\n')).toEqual([]);
  expect(cutter.take('\n')).toEqual(['{"change":1}']);
});
