import type { Category } from '../../../contracts/classification.ts';
import { createScan } from '../text/scan.ts';
import { scanIssue } from '../text/scan-issue.ts';
import { findCues } from './cues.ts';
import type { Reading } from './reading.ts';

/** An issue as the rules see it. */
export function readIssue(title: string, body = '', category: Category = 'bug'): Reading {
  const scan = createScan();
  scanIssue(scan, title, body);
  return { scan, cues: findCues(scan), category };
}
