import { idParamsSchema, PATHS, type ReportFormat, reportQuerySchema } from '@evenkeel/contract/api';
import { type Report, reportSchema } from '@evenkeel/contract/report';
import { reportHtml } from '@evenkeel/core/report/reportHtml';
import { reportJunit } from '@evenkeel/core/report/reportJunit';
import { reportMarkdown } from '@evenkeel/core/report/reportMarkdown';
import { apiPath } from '../apiPath.ts';
import { type Reply, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

type FileFormat = Exclude<ReportFormat, 'json'>;

const FILES: Readonly<
  Record<FileFormat, { readonly type: string; readonly ending: string; readonly render: (report: Report) => string }>
> = {
  markdown: { type: 'text/markdown', ending: 'md', render: reportMarkdown },
  html: { type: 'text/html', ending: 'html', render: reportHtml },
  junit: { type: 'application/xml', ending: 'xml', render: reportJunit },
};

/** A report is opened from the disk; should a browser show it from here all the same, it may draw itself and nothing else. */
const REPORT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

function reply(report: Report, format: ReportFormat): Reply {
  if (format === 'json') return { status: 200, json: report };
  const { type, ending, render } = FILES[format];
  return {
    status: 200,
    text: { type: `${type}; charset=utf-8`, body: render(report) },
    headers: {
      'Content-Disposition': `attachment; filename="evenkeel-${report.run.id}.${ending}"`,
      'Content-Security-Policy': REPORT_POLICY,
    },
  };
}

/** What a run ends in, in four formats. */
export function reportRoutes({ runs }: Services): Route[] {
  return [
    route({
      method: 'get',
      path: apiPath(PATHS.runReport),
      access: 'Viewer',
      rate: 'read',
      tag: 'Runs',
      summary: 'The report, as JSON or as a file: Markdown, one HTML page, JUnit XML',
      params: idParamsSchema,
      query: reportQuerySchema,
      responses: {
        200: {
          description: 'The report',
          schema: reportSchema,
          types: ['application/json', ...Object.values(FILES).map(({ type }) => type)],
        },
      },
      problems: ['not-found', 'wrong-state'],
      handle: ({ params, query }) => reply(runs.report(params.id), query.format),
    }),
  ];
}
