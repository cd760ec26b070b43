import { Link } from '@tanstack/react-router';

export function Rail() {
  return (
    <nav aria-label="Views" className="flex flex-col gap-px overflow-hidden px-2 pt-1 pb-2.5">
      <Link to="/">Board</Link>
      <Link to="/list">List</Link>
      <Link to="/activity">Activity</Link>
      <Link to="/usage">Usage</Link>
      <Link to="/projects">Projects</Link>
      <Link to="/settings">Settings</Link>
    </nav>
  );
}
