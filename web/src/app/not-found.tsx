import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <div className="m-auto flex flex-col items-center gap-2 p-8 text-center">
      <p className="text-h3 font-semibold">There is no such page</p>
      <p className="text-fg-2">The address may be old, or cut off.</p>
      <Link to="/" className="text-link">
        To the board
      </Link>
    </div>
  );
}
