import { createHash } from 'node:crypto';
import { type Html, html } from '../../../codecs/html.ts';
import type { Report } from '../report.ts';
import { businessSection } from './business-section.ts';
import { glance } from './glance.ts';
import { labellersSection } from './labellers-section.ts';
import { maturitySection } from './maturity-section.ts';
import { driftSection, qualitySection } from './quality-section.ts';
import { costSection, runsSection } from './runs-section.ts';
import { style } from './style.ts';
import { trafficSection } from './traffic-section.ts';

const styleHash = createHash('sha256').update(style.text).digest('base64');

/** Allows only this style: no script or other resource, whatever a label contains. */
export const reportPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** One self-contained page: no script, no other file; every name escaped. */
export function reportPage(report: Report): string {
  const { project, from, to } = report;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy}">
<title>Mitate: ${project}, ${dayOf(from)} to ${dayOf(to)}</title><style>${style}</style></head><body>
<header><h1>Mitate: project ${project}</h1><p>${minuteOf(from)} to ${minuteOf(to)}</p></header>
${glance(report)}${sections(report)}
</body></html>`;
  return page.text;
}

function sections(report: Report): Html[] {
  const all = [
    trafficSection,
    qualitySection,
    labellersSection,
    businessSection,
    driftSection,
    costSection,
    runsSection,
    maturitySection,
  ];
  return all.map((section) => section(report));
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const minuteOf = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
