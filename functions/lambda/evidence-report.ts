/** What Lambda loads for evidence-report, composed from the function's environment. */
import { evidenceFromEnvironment } from '../../app/compose-evidence.ts';
import { evidenceReportHandler } from '../evidence-report.ts';

export const handler = evidenceReportHandler(evidenceFromEnvironment(process.env));
