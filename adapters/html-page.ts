/**
 * A whole HTML page that needs nothing from anywhere else and runs nothing; a browser is told to
 * allow neither.
 */
import { createHash } from 'node:crypto';
import { pageStyle } from './evidence-page-style.ts';
import { type Content, html } from './html-text.ts';

export function htmlPage(title: string, body: Content): string {
  const hash = createHash('sha256').update(pageStyle.markup).digest('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
${body}</body>
</html>
`;
  return markup;
}
