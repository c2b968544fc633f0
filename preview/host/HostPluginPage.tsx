import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { PluginPageProps } from '@grafana/runtime';
import { TextLink, useStyles2 } from '@grafana/ui';
import { useLocation } from 'react-router';
import { previewBoot } from './bootData.ts';

/** What Grafana's PluginPage looks like: title, sub-title, actions, and the content on the canvas. */
export function HostPluginPage({ pageNav, subTitle, actions, renderTitle, info, children }: PluginPageProps) {
  const styles = useStyles2(getStyles);
  const { pathname } = useLocation();
  const include = previewBoot().plugin.includes.find((page) => pathname.startsWith(page.path));
  const title = pageNav?.text ?? include?.name ?? previewBoot().plugin.name;
  const parent = pageNav?.parentItem;
  return (
    <div className={styles.page}>
      {parent?.url && (
        <nav aria-label="Breadcrumbs" className={styles.breadcrumbs}>
          <TextLink href={parent.url} inline={false} variant="bodySmall">
            {parent.text}
          </TextLink>
        </nav>
      )}
      <div className={styles.header}>
        <div className={styles.titleAndSub}>
          {renderTitle ? renderTitle(title) : <h1 className={styles.title}>{title}</h1>}
          {subTitle && <div className={styles.subTitle}>{subTitle}</div>}
        </div>
        {info?.map((item) => (
          <div key={item.label}>
            {item.label}: {item.value}
          </div>
        ))}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      <div className={styles.content}>{children}</div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ padding: theme.spacing(3, 4, 4), minHeight: '100%', display: 'flex', flexDirection: 'column' }),
  breadcrumbs: css({ marginBottom: theme.spacing(0.5) }),
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 3),
    marginBottom: theme.spacing(2),
  }),
  titleAndSub: css({ flex: '1 1 320px', minWidth: 0 }),
  title: css({ ...theme.typography.h1, margin: 0, fontSize: theme.typography.h2.fontSize }),
  subTitle: css({ color: theme.colors.text.secondary, marginTop: theme.spacing(0.25) }),
  actions: css({ display: 'flex', gap: theme.spacing(1), alignItems: 'center' }),
  content: css({ flex: 1, minWidth: 0 }),
});
