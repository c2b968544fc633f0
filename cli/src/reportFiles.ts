import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Report } from '@evenkeel/contract/report';
import { reportHtml } from '@evenkeel/core/report/reportHtml';
import { reportJunit } from '@evenkeel/core/report/reportJunit';
import { reportMarkdown } from '@evenkeel/core/report/reportMarkdown';
import { UsageError } from './usageError.ts';

export interface ReportFileFlags {
  json?: string;
  junit?: string;
  html?: string;
  markdown?: string;
}

const FORMATS = {
  json: (report: Report) => `${JSON.stringify(report, null, 2)}\n`,
  junit: reportJunit,
  html: reportHtml,
  markdown: reportMarkdown,
};

const asked = (flags: ReportFileFlags) =>
  (Object.keys(FORMATS) as (keyof typeof FORMATS)[]).flatMap((format) =>
    flags[format] === undefined ? [] : [{ format, file: flags[format] }]
  );

/** Refuses files that could not be written, before a run is spent on them. Throws a UsageError. */
export function checkReportFiles(flags: ReportFileFlags): void {
  for (const { format, file } of asked(flags)) {
    if (file === '') throw new UsageError(`--${format}: name a file.`);
    const path = resolve(file);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`--${format} ${file} is a folder.`);
    try {
      accessSync(dirname(path), constants.W_OK);
    } catch {
      throw new UsageError(`--${format} ${file}: the folder ${dirname(path)} does not exist or cannot be written to.`);
    }
  }
}

/** Writes the report in every format asked for and returns a line for each. Throws a UsageError that names the file. */
export function writeReportFiles(report: Report, flags: ReportFileFlags): string[] {
  return asked(flags).map(({ format, file }) => {
    try {
      writeFileSync(file, FORMATS[format](report));
    } catch (error) {
      throw new UsageError(`--${format} ${file} could not be written: ${(error as Error).message}`);
    }
    return `Report written to ${file}`;
  });
}
