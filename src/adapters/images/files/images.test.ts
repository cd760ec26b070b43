import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readImageHeader } from './image-header.ts';
import { imageFiles } from './images.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-images-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes);
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([3, 0, 2, 0]), Buffer.alloc(20)]);
const jpeg = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc0, 0, 11, 8, 0, 5, 0, 9, 3]),
  Buffer.alloc(20),
]);
const webp = (kind: string, body: number[]) =>
  Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), Buffer.from(kind), Buffer.alloc(4), Buffer.from(body), Buffer.alloc(20)]);

describe('image headers', () => {
  it.each([
    ['png', png(7, 5), { media_type: 'image/png', width: 7, height: 5 }],
    ['gif', gif, { media_type: 'image/gif', width: 3, height: 2 }],
    ['jpeg with a filler byte', jpeg, { media_type: 'image/jpeg', width: 9, height: 5 }],
    ['webp lossy', webp('VP8 ', [0, 0, 0, 0, 0, 0, 6, 0, 4, 0]), { media_type: 'image/webp', width: 6, height: 4 }],
    ['webp lossless', webp('VP8L', [0x2f, 0x05, 0xc0, 0x00, 0x00]), { media_type: 'image/webp', width: 6, height: 4 }],
    ['webp extended', webp('VP8X', [0, 0, 0, 0, 9, 0, 0, 4, 0, 0]), { media_type: 'image/webp', width: 10, height: 5 }],
  ])('reads %s', (_name, bytes, facts) => expect(readImageHeader(bytes)).toEqual(facts));

  it('never throws, whatever the bytes, and takes no other format', () => {
    const heads = [png(1, 1), gif, jpeg, webp('VP8L', [1, 2, 3, 4, 5])].map((bytes) => [...bytes.subarray(0, 12)]);
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 60 }), fc.nat(12), (head, tail, cut) => {
        readImageHeader(Buffer.from([...head.slice(0, cut), ...tail]));
      }),
    );
    expect(readImageHeader(Buffer.from('<svg onload=alert(1)>'))).toBeNull();
    expect(readImageHeader(Buffer.alloc(0))).toBeNull();
  });

  it('a jpeg of ten million empty segments ends', () => {
    const bytes = Buffer.alloc(20_000_000, Buffer.from([0xff, 0xe1, 0x00, 0x02]));
    bytes.writeUInt16BE(0xffd8, 0);
    readImageHeader(bytes);
  });
});

describe('stored images', () => {
  it('are kept once, private, under the hash of their bytes', async () => {
    const images = imageFiles({ folder });
    const first = await images.store(png(10, 10));
    expect(await images.store(png(10, 10))).toEqual(first);
    expect(readdirSync(folder)).toEqual([first.id]);
    expect(statSync(join(folder, first.id)).mode & 0o777).toBe(0o600);
    expect(await images.read(first.id)).toEqual(png(10, 10));
  });

  it.each([
    ['a text', Buffer.from('hello'), 'attachment_invalid'],
    ['an image bomb', png(50_000, 50_000), 'attachment_invalid'],
    ['no size', png(0, 5), 'attachment_invalid'],
    ['21 MB', Buffer.concat([png(1, 1), Buffer.alloc(21 * 1024 * 1024)]), 'too_large'],
  ])('%s is refused and leaves nothing', async (_name, bytes, code) => {
    await expect(imageFiles({ folder }).store(bytes)).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['../token', 'x', '', 'A'.repeat(64)])('the id %j reads nothing', async (id) => {
    expect(await imageFiles({ folder }).read(id)).toBeNull();
  });
});
