import { useId } from "react";

import type { EntityType } from "../look";
import { useWords } from "../words";
import { Picker } from "./Picker";
import type { Values } from "./drafts";

/** A field of a form as data; `options` of a choice as (value, text), `suggest` what a line may be, or who may be meant, where others may be typed as well; `facilities`: any facility may be meant, `search`: anybody of that type who is found by a search; `broad`: what stands in it is long; `least` and `most` as the browser checks them. */
export type Field = {
  name: string;
  label: string;
  kind: "line" | "who" | "text" | "day" | "money" | "number" | "choice" | "yes";
  options?: readonly (readonly [string, string])[];
  required?: boolean;
  hint?: string;
  suggest?: readonly (readonly [string, string])[];
  facilities?: boolean;
  search?: EntityType;
  broad?: boolean;
  least?: string;
  most?: string;
};

/** Fields with what was typed so far. */
export function Fields({ fields, values, type }: { fields: readonly Field[]; values: Values; type: (name: string, value: string) => void }) {
  return (
    <div className="caseform">
      {fields.map((field) => (
        <One key={field.name} field={field} value={values[field.name] ?? ""} type={(value) => type(field.name, value)} />
      ))}
    </div>
  );
}

function One({ field, value, type }: { field: Field; value: string; type: (value: string) => void }) {
  const { say } = useWords();
  const id = useId();
  const hint = field.hint ? `${id}-hint` : undefined;
  const shared = { id, name: field.name, required: field.required, "aria-describedby": hint } as const;
  const label = (
    <label htmlFor={id}>
      {field.label}
      {field.required || field.kind === "yes" || field.kind === "choice" ? null : <span className="quiet"> · {say("casework.optional")}</span>}
    </label>
  );
  return (
    <div className={`field${field.kind === "text" ? " wide" : field.broad || field.kind === "who" ? " broad" : ""}`}>
      {field.kind === "yes" ? (
        <label className="yes" htmlFor={id}>
          <input {...shared} type="checkbox" checked={value === "yes"} onChange={(event) => type(event.target.checked ? "yes" : "")} /> {field.label}
        </label>
      ) : (
        label
      )}
      {field.kind === "text" ? <textarea {...shared} rows={4} maxLength={10_000} value={value} onChange={(event) => type(event.target.value)} /> : null}
      {field.kind === "choice" ? (
        <select {...shared} value={value} onChange={(event) => type(event.target.value)}>
          {(field.options ?? []).map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      ) : null}
      {field.kind === "line" && field.suggest?.length ? (
        <datalist id={`${id}-known`}>
          {field.suggest.map(([known, text]) => (
            <option key={known} value={known}>
              {text}
            </option>
          ))}
        </datalist>
      ) : null}
      {field.kind === "who" ? <Picker id={id} name={field.name} required={field.required} describedBy={hint} value={value} known={field.suggest ?? []} facilities={field.facilities ?? false} search={field.search} take={type} /> : null}
      {field.kind === "line" ? <input {...shared} list={field.suggest?.length ? `${id}-known` : undefined} maxLength={200} autoComplete="off" value={value} onChange={(event) => type(event.target.value)} /> : null}
      {field.kind === "day" ? <input {...shared} type="date" min={field.least} max={field.most} value={value} onChange={(event) => type(event.target.value)} /> : null}
      {field.kind === "money" ? <input {...shared} type="number" inputMode="decimal" step="0.01" min={field.least ?? "0"} max={field.most} value={value} onChange={(event) => type(event.target.value)} /> : null}
      {field.kind === "number" ? <input {...shared} type="number" step="1" min={field.least ?? "0"} max={field.most} value={value} onChange={(event) => type(event.target.value)} /> : null}
      {field.hint ? (
        <p id={hint} className="quiet">
          {field.hint}
        </p>
      ) : null}
    </div>
  );
}
