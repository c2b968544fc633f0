import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  readonly version?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockEntry>;
};

describe('the lock file installs anywhere', () => {
  test('binaries of every platform are in it, or npm ci refuses it (npm run lock completes it)', () => {
    const missing = Object.values(lock.packages)
      .flatMap((entry) => Object.entries(entry.optionalDependencies ?? {}))
      .filter(
        ([name, version]) =>
          /^\d/.test(version) && !Object.keys(lock.packages).some((key) => key.endsWith(`node_modules/${name}`))
      )
      .map(([name]) => name);
    expect(missing).toEqual([]);
  });

  test('everything comes from the registry, nothing from a Git host', () => {
    const foreign = Object.entries(lock.packages).filter(
      ([, entry]) =>
        !entry.link && entry.resolved !== undefined && !entry.resolved.startsWith('https://registry.npmjs.org/')
    );
    expect(foreign.map(([name]) => name)).toEqual([]);
  });
});
