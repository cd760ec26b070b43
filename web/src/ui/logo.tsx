/** The product's mark: three particles held together. */
export function Logo({ size = 18, className }: { size?: number; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" className={className}>
      <path
        d="M8 2.9c3.2 0 1.9 5.2 5.1 8.3M13.1 11.2c-1.9 2.8-5-1.4-10.2 0M2.9 11.2C1.4 8.2 6.3 6.6 8 2.9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinecap="round"
        opacity=".55"
      />
      <circle cx="8" cy="2.9" r="2.1" fill="currentColor" />
      <circle cx="13.1" cy="11.6" r="2.1" fill="currentColor" />
      <circle cx="2.9" cy="11.6" r="2.1" fill="currentColor" />
    </svg>
  );
}
