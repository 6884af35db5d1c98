import { useEffect, useLayoutEffect, useRef } from "react";

/** How near to the end of the page one reads to be taken along when it grows, in CSS pixels. */
const NEAR = 160;

/** Keeps the end of the page in view while it grows, for who is reading there; who has scrolled up is left in peace. */
export function useStayAtEnd(grown: unknown): void {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const look = () => {
      isAtEnd.current = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - NEAR;
    };
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has grown is the reason to scroll, not something that is read
  useLayoutEffect(() => {
    if (isAtEnd.current) window.scrollTo({ top: document.documentElement.scrollHeight });
  }, [grown]);
}
