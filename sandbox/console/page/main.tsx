/** The page of the console: everything that it shows comes from the server beside it. */
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.querySelector('#console');
if (root !== null) render(<App />, root);
