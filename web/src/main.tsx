import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { setTheme, theme } from './app/theme.ts';
import './styles/index.css';

setTheme(theme());
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place to be shown in');
createRoot(root).render(<App />);
