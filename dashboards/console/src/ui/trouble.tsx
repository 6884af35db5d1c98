import { troubleOf } from "../api/problem.ts";
import { Button } from "./button.tsx";

/** A problem with its title, what it says to do, the places it names, and the request to name when asking for help. */
export function TroubleNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { title, detail, requestId, errors } = troubleOf(error);
  return (
    <div role="alert" className="rounded-lg border border-bad bg-panel p-4">
      <p className="font-semibold text-bad">{title}</p>
      <p className="mt-1">{detail}</p>
      {errors.length > 0 && (
        <ul className="mt-2 list-disc pl-5 text-sm">
          {errors.map(({ pointer, message, line, column }) => (
            <li key={`${pointer} ${line} ${column} ${message}`}>
              <code className="font-mono">{pointer}</code>
              {line !== undefined && `, line ${line}${column === undefined ? "" : `, column ${column}`}`}: {message}
            </li>
          ))}
        </ul>
      )}
      {requestId !== undefined && (
        <p className="mt-2 text-sm text-soft">
          Request <code className="font-mono">{requestId}</code>
        </p>
      )}
      {onRetry !== undefined && (
        <div className="mt-3">
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  );
}
