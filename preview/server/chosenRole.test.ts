import { includesRole, ROLES } from '@evenkeel/contract/role';
import { chosenRole, offeredRoles } from './chosenRole.ts';

const cookie = (role: string) => `a=b; evenkeel_preview_role=${role}`;

test.each(ROLES)('no cookie lifts a browser above %s', (highest) => {
  const cookies = [...ROLES, 'admin', 'Root', ''].flatMap((role) => [
    cookie(role),
    `${cookie('Viewer')}; ${cookie(role)}`,
    `${cookie(role)}; ${cookie('Viewer')}`,
  ]);
  for (const sent of [undefined, '', ...cookies]) {
    expect(includesRole(highest, chosenRole(sent, highest))).toBe(true);
  }
});

test('a browser may choose a lower role, and has the highest until it does', () => {
  expect(chosenRole(cookie('Viewer'), 'Admin')).toBe('Viewer');
  expect(chosenRole(cookie('Editor'), 'Editor')).toBe('Editor');
  expect(chosenRole(cookie('Admin'), 'Editor')).toBe('Editor');
  expect(chosenRole(undefined, 'Viewer')).toBe('Viewer');
});

test('only roles that it may have are offered', () => {
  expect(ROLES.map(offeredRoles)).toEqual([['Viewer'], ['Viewer', 'Editor'], ['Viewer', 'Editor', 'Admin']]);
});
