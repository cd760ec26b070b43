// First of all: it declares the order of the style layers, which whoever is loaded first decides.
import './styles/index.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { setTheme, theme } from './app/theme.ts';

setTheme(theme());
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place to be shown in');
createRoot(root).render(<App />);
