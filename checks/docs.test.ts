import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
];

const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Anchors as Git hosts make them: lower case, spaces to hyphens, punctuation gone. */
const anchorsOf = (text: string) =>
  new Set(
    [...text.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-')
    )
  );

describe('the documentation holds together', () => {
  test.each(pages)('every link of %s leads somewhere', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path, anchor] = link.split('#') as [string, string?];
      const target = path === '' ? page : relative(root, resolve(root, dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(textOf(target)).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('nobody is sent to a folder that only its authors have', () => {
    expect(pages.filter((page) => /\.\.\/shared|\/work\//.test(textOf(page)))).toEqual([]);
  });

  test('every page can be reached from the README', () => {
    const seen = new Set<string>();
    const visit = (page: string) => {
      if (seen.has(page) || !existsSync(join(root, page))) return;
      seen.add(page);
      for (const [, link] of textOf(page).matchAll(/\]\(([^)\s#]+\.md)/g)) {
        visit(relative(root, resolve(root, dirname(page), link!)));
      }
    };
    visit('README.md');
    const decisions = /^docs\/decisions\//;
    expect(pages.filter((page) => !seen.has(page) && !decisions.test(page))).toEqual([]);
  });
});
