import { type PointerEvent, type RefObject, useEffect, useState } from 'react';
import { useInteraction, usePage } from '../app/page-context.ts';

const typingRestMs = 2_000;

interface PointerHandlers {
  readonly onPointerEnter: (event: PointerEvent) => void;
  readonly onPointerLeave: () => void;
}

/**
 * Holds the list still while somebody works in it: scrolled down, a row selected or open, a menu open, the pointer
 * over it, or words being typed into the search.
 */
export function useHold(scroller: RefObject<HTMLDivElement | null>, isOpen: boolean): PointerHandlers {
  const { live } = usePage();
  const { selected, picker } = useInteraction();
  const [pointerOver, setPointerOver] = useState(false);
  const scrolled = useScrolled(scroller);
  const typing = useTyping();
  const held = isOpen || selected !== null || picker !== null || pointerOver || scrolled || typing;
  useEffect(() => live.queue.hold(held), [live, held]);
  return {
    onPointerEnter: (event) => setPointerOver(event.pointerType === 'mouse'),
    onPointerLeave: () => setPointerOver(false),
  };
}

function useScrolled(scroller: RefObject<HTMLDivElement | null>): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setScrolled(element.scrollTop > 0);
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [scroller]);
  return scrolled;
}

function useTyping(): boolean {
  const [typedAt, setTypedAt] = useState<number | null>(null);
  useEffect(() => {
    const typed = (event: Event) => setTypedAt(event.timeStamp);
    window.addEventListener('input', typed);
    return () => window.removeEventListener('input', typed);
  }, []);
  useEffect(() => {
    if (typedAt === null) return;
    const timer = setTimeout(() => setTypedAt(null), typingRestMs);
    return () => clearTimeout(timer);
  }, [typedAt]);
  return typedAt !== null;
}
