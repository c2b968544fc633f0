import { css, cx } from '@emotion/css';
import { includesRole } from '@evenkeel/contract/role';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, IconButton, Link, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { type ReactNode, version as reactVersion } from 'react';
import { useLocation } from 'react-router';
import { GRAFANA_RELEASE, previewBoot, type ThemeName } from './bootData.ts';

interface Props {
  theme: ThemeName;
  onTheme: (theme: ThemeName) => void;
  children: ReactNode;
}

/** The least of Grafana's chrome that makes a page feel at home: navigation, theme, and the role one looks with. */
export function HostChrome({ theme, onTheme, children }: Props) {
  const styles = useStyles2(getStyles);
  const { pathname } = useLocation();
  const { plugin, role, roles } = previewBoot();
  const changeRole = (next: string) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs a secure context
    document.cookie = `evenkeel_preview_role=${next}; path=/; SameSite=Strict`;
    location.reload();
  };
  const pages = plugin.includes.filter((page) => page.addToNav && includesRole(role, page.role));
  return (
    <div className={styles.frame}>
      <nav className={styles.nav} aria-label="Pages">
        <div className={styles.brand}>
          <img src={`/public/plugins/${plugin.id}/img/logo.svg`} alt="" width={24} height={24} />
          <span>{plugin.name}</span>
        </div>
        {pages.map((page) => {
          const isActive = pathname.startsWith(page.path);
          return (
            <Link
              key={page.path}
              href={page.path}
              className={cx(styles.item, isActive && styles.active)}
              aria-current={isActive ? 'page' : undefined}
            >
              <Icon name={(page.icon ?? 'apps') as IconName} />
              {page.name}
            </Link>
          );
        })}
        <div className={styles.corner}>
          <div className={styles.cornerLabel}>Look as</div>
          <RadioButtonGroup
            aria-label="Look as"
            size="sm"
            fullWidth
            value={role}
            onChange={changeRole}
            options={roles.map((name) => ({ label: name, value: name }))}
          />
          <div className={styles.cornerRow}>
            <span>
              Preview, without Grafana
              <br />
              Libraries: {GRAFANA_RELEASE}, React {reactVersion}
            </span>
            <IconButton
              name="adjust-circle"
              size="lg"
              tooltip={theme === 'dark' ? 'Change to the light theme' : 'Change to the dark theme'}
              onClick={() => onTheme(theme === 'dark' ? 'light' : 'dark')}
            />
          </div>
        </div>
      </nav>
      <main className={styles.main}>{children}</main>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ display: 'flex', minHeight: '100vh', background: theme.colors.background.canvas }),
  nav: css({
    position: 'sticky',
    top: 0,
    height: '100vh',
    width: 216,
    flexShrink: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.25),
    padding: theme.spacing(1.5, 1),
    background: theme.colors.background.primary,
    borderRight: `1px solid ${theme.colors.border.weak}`,
  }),
  brand: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1, 2),
    ...theme.typography.h5,
  }),
  item: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 1),
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.secondary,
    '&:hover': { color: theme.colors.text.primary, background: theme.colors.action.hover },
  }),
  active: css({
    color: theme.colors.text.primary,
    background: theme.colors.action.selected,
    boxShadow: `inset 2px 0 0 ${theme.colors.warning.main}`,
  }),
  corner: css({
    marginTop: 'auto',
    padding: theme.spacing(1),
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.75),
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
  }),
  cornerLabel: css({ fontWeight: theme.typography.fontWeightMedium }),
  cornerRow: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between' }),
  main: css({ flex: 1, minWidth: 0 }),
});
