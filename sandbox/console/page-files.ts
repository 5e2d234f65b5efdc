/** The files of the page: bundled in memory from their sources as the console starts. */
import { join } from 'node:path';
import { build } from 'esbuild';

export interface PageFile {
  readonly type: string;
  readonly content: string;
}

const folder = join(import.meta.dirname, 'page');

const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E' +
  '%3Ccircle cx=%225%22 cy=%228%22 r=%223.5%22 fill=%22none%22 stroke=%22%231f6feb%22 ' +
  'stroke-width=%222%22/%3E%3Cpath d=%22M8.5 8H15M12 8v3%22 stroke=%22%231f6feb%22 ' +
  'stroke-width=%222%22/%3E%3C/svg%3E';

/** By path. The token stands in the page, which no other origin can read. */
export async function pageFiles(token: string): Promise<ReadonlyMap<string, PageFile>> {
  const [script, style] = await Promise.all([bundle('main.tsx'), bundle('style.css')]);
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', content: html(token) }],
    ['/console.js', { type: 'text/javascript; charset=utf-8', content: script }],
    ['/console.css', { type: 'text/css; charset=utf-8', content: style }],
  ]);
}

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, file)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

const html = (token: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="keyturn-token" content="${token}">
<meta name="color-scheme" content="light dark">
<title>Keyturn console</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/console.css">
</head>
<body>
<div id="console"></div>
<noscript>The console needs JavaScript.</noscript>
<script type="module" src="/console.js"></script>
</body>
</html>
`;
