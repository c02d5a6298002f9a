import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

/** Goes to an address of the console, `/watch?tab=health`, whichever screen answers it. */
export function useGo(): (href: string) => void {
  const router = useRouter();
  return (href) => router.history.push(wholeOf(router.basepath, href));
}

const wholeOf = (basepath: string, href: string) => `${basepath === '/' ? '' : basepath}${href}`;

/** A link to an address of the console, `/watch?tab=health`, whichever screen answers it. */
export function To({
  href,
  className,
  children,
  label,
}: {
  href: string;
  className?: string;
  children: ReactNode;
  label?: string;
}) {
  const router = useRouter();
  const whole = wholeOf(router.basepath, href);
  const go = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    router.history.push(whole);
  };
  return (
    <a href={whole} className={className} aria-label={label} onClick={go}>
      {children}
    </a>
  );
}
