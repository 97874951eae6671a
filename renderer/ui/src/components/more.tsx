/** Loads the next page of a list when its end comes into view, or at a press of the button. */

import { useEffect, useRef } from "preact/hooks";
import { Button } from "./button";

export function More({ onMore, busy }: { onMore: () => void; busy: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) onMore();
    });
    if (element.current) seen.observe(element.current);
    return () => seen.disconnect();
  });
  return (
    <div class="more" ref={element}>
      <Button look="quiet" icon="down" disabled={busy} onClick={onMore}>
        Load more
      </Button>
    </div>
  );
}
