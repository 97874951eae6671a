/** The app's mark: a speech bubble that is also a ring of progress. */

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg class="logo" viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <rect class="logo-tile" width="64" height="64" rx="15" />
      <path
        class="logo-track"
        d="M33 13a18.5 18.5 0 1 1-9.6 34.3L14.5 50l2.6-8.7A18.5 18.5 0 0 1 33 13Z"
      />
      <path class="logo-ring" d="M33 13a18.5 18.5 0 1 1-9.6 34.3L14.5 50l2.6-8.7" />
      <circle class="logo-dot" cx="33" cy="31.5" r="4.5" />
    </svg>
  );
}
