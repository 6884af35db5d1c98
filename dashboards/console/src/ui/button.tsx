import type { ComponentProps } from "react";

const LOOKS = {
  plain: "border border-edge bg-panel text-ink hover:bg-sunken",
  main: "border border-accent bg-accent text-on-accent hover:brightness-110",
  grave: "border border-bad bg-panel text-bad hover:bg-sunken",
} as const;

interface ButtonProps extends Omit<ComponentProps<"button">, "className" | "disabled"> {
  readonly look?: keyof typeof LOOKS;
  /** Why it cannot be pressed now; shown when it is pointed at, and told to those who hear the page. */
  readonly unavailable?: string | undefined;
}

/** A button. One that cannot be pressed stays reachable and says why. */
export function Button({ look = "plain", unavailable, onClick, type = "button", ...rest }: ButtonProps) {
  const isOff = unavailable !== undefined;
  return (
    <button
      {...rest}
      type={isOff ? "button" : type}
      aria-disabled={isOff}
      title={unavailable ?? rest.title}
      onClick={isOff ? undefined : onClick}
      className={`${LOOKS[look]} inline-flex min-h-9 items-center justify-center gap-1.5 rounded-lg px-3 py-1.5 text-sm font-medium aria-disabled:cursor-not-allowed aria-disabled:border-line aria-disabled:bg-sunken aria-disabled:text-soft aria-disabled:hover:brightness-100`}
    />
  );
}
