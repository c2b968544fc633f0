import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Serious and critical findings of axe on the page as it is now, each in a line. */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axePath });
  // Away from everything: what is below the pointer wears Grafana's own hover colours.
  await page.mouse.move(0, 0);
  const violations = await page.evaluate(async () => {
    const { axe, document } = globalThis as unknown as {
      document: { getAnimations(): { finish(): void }[] };
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    // A colour half-way through its transition is not one that anybody reads.
    for (const animation of document.getAnimations()) animation.finish();
    return (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`)
    );
}
