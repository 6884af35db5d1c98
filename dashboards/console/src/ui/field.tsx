import { type ComponentProps, type ReactNode, useId } from "react";

const BOX = "w-full rounded-lg border border-edge bg-panel px-3 py-2 text-ink placeholder:text-soft";

interface LabelProps {
  readonly label: string;
  readonly hint?: ReactNode;
}

/** One line of text with its label. */
export function TextField({ label, hint, ...rest }: LabelProps & Omit<ComponentProps<"input">, "className" | "id">) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <input {...rest} id={id} aria-describedby={hint === undefined ? undefined : `${id}-hint`} className={BOX} />
      <Hint id={id} hint={hint} />
    </div>
  );
}

/** Several lines of text with their label. */
export function TextArea({ label, hint, ...rest }: LabelProps & Omit<ComponentProps<"textarea">, "className" | "id">) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <textarea
        {...rest}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className={`${BOX} field-sizing-content min-h-20`}
      />
      <Hint id={id} hint={hint} />
    </div>
  );
}

interface SelectFieldProps<Value extends string> extends LabelProps {
  readonly value: Value;
  /** What may be chosen, with the words for it. */
  readonly choices: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}

/** One of a few. */
export function SelectField<Value extends string>({ label, hint, value, choices, onChoose }: SelectFieldProps<Value>) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className={BOX}
        onChange={(event) => {
          const chosen = choices.find(([each]) => each === event.target.value);
          if (chosen !== undefined) onChoose(chosen[0]);
        }}
      >
        {choices.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
      <Hint id={id} hint={hint} />
    </div>
  );
}

interface FilesFieldProps extends LabelProps {
  readonly files: readonly File[];
  readonly onFiles: (files: readonly File[]) => void;
}

/** Files to attach: chosen ones are listed and can be taken out again. */
export function FilesField({ label, hint, files, onFiles }: FilesFieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <input
        id={id}
        type="file"
        multiple
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          onFiles([...files, ...(event.target.files ?? [])]);
          event.target.value = "";
        }}
        className="block w-full max-w-full text-sm text-soft file:mr-3 file:rounded-lg file:border file:border-solid file:border-edge file:bg-panel file:px-3 file:py-1.5 file:font-medium file:text-ink"
      />
      <Hint id={id} hint={hint} />
      {files.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-2" aria-label="Chosen files">
          {files.map((file, i) => (
            <li
              key={`${file.name} ${file.lastModified} ${file.size}`}
              className="flex items-center gap-2 rounded-lg bg-sunken py-1 pr-1 pl-3 text-sm"
            >
              {file.name}
              <button
                type="button"
                aria-label={`Take out ${file.name}`}
                className="size-6 rounded-md text-soft hover:text-ink"
                onClick={() => onFiles(files.filter((_, other) => other !== i))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Hint({ id, hint }: { readonly id: string; readonly hint: ReactNode }) {
  if (hint === undefined) return null;
  return (
    <p id={`${id}-hint`} className="mt-1 text-sm text-soft">
      {hint}
    </p>
  );
}
