// Where the keyboard is when what had it is gone: a form that opens takes it, and gives it back to what opened it.
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";

const TEXT = "input, select, textarea";
const PART = "section, article, main";

/** For a form that opens beneath a button: its first field has the keyboard, Escape closes it (what was typed stays), and whoever opened it gets the
 * keyboard back. A form that stands there from the beginning, since its address was asked for, takes nothing. */
export function useOpened(close: () => void): { box: RefObject<HTMLFormElement | null>; onKeyDown: (event: KeyboardEvent) => void } {
  const box = useRef<HTMLFormElement>(null);
  const [opener] = useState(() => document.activeElement); // before the form is drawn: its button may go with that
  useLayoutEffect(() => {
    const within = box.current!.parentElement?.closest<HTMLElement>(PART) ?? null;
    const called = opener?.textContent;
    const page = location.pathname;
    if (opener instanceof HTMLButtonElement) box.current!.querySelector<HTMLElement>(TEXT)?.focus();
    return () => {
      if (location.pathname === page) requestAnimationFrame(() => back(opener, called, within));
    };
  }, [opener]);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented || event.nativeEvent.isComposing) return; // a list of names, or an input method, closes first
    event.preventDefault();
    close();
  }
  return { box, onKeyDown };
}

/** Only where nothing else took it meanwhile: to the button, else to the one that stands there by the same name, else to the part of the page. */
function back(opener: Element | null, called: string | null | undefined, within: HTMLElement | null): void {
  if (document.activeElement !== document.body) return;
  if (opener instanceof HTMLButtonElement && opener.isConnected && !opener.disabled) return opener.focus();
  if (!within?.isConnected) return;
  const again = opener instanceof HTMLButtonElement && [...within.querySelectorAll("button")].find((one) => one.textContent === called && !one.disabled);
  if (again) return again.focus();
  if (!within.hasAttribute("tabindex")) within.tabIndex = -1;
  within.focus({ preventScroll: true });
}
