// An upright original and a thumbnail, as sharp's documentation has them: `picture.mjs FILE`, a line per job on stdin.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import sharp from 'sharp';

sharp.concurrency(1);
sharp.cache(false);
const content = readFileSync(process.argv[2]);

async function processPicture() {
  // Without withMetadata(), sharp leaves all metadata out.
  const original = await sharp(content).autoOrient().jpeg({ quality: 90 }).toBuffer();
  const thumbnail = await sharp(content)
    .autoOrient()
    .resize(400, 400, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
  return [original, thumbnail];
}

for await (const _ of createInterface({ input: process.stdin })) {
  const before = process.cpuUsage();
  await processPicture();
  const used = process.cpuUsage(before);
  console.log((used.user + used.system) / 1e6);
}
