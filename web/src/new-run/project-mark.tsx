/** Two letters for a project: of its first two words, else its first two. */
export function ProjectMark({ name }: { name: string }) {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => word.charAt(0)) : [(words[0] ?? '?').slice(0, 2)];
  return (
    <span
      aria-hidden="true"
      className="inline-grid size-4 flex-none place-items-center rounded-sm bg-active text-[9px] leading-none font-semibold text-fg-2"
    >
      {letters.join('').toUpperCase()}
    </span>
  );
}
