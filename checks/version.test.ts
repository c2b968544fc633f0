import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '@evenkeel/contract/version';

const root = join(import.meta.dirname, '..');
const manifest = (folder: string) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

test.each(['.', ...manifest('.').workspaces.filter((name: string) => !name.includes('/'))])(
  'the manifest of %s has the one version',
  (folder) => expect(manifest(folder).version).toBe(VERSION)
);
