import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { save } from "../saving";
import { asked, client } from "../service/client";
import { useOverview } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { ReportTable } from "./ReportTable";
import { type Figures, tablesOf } from "./tables";
import { REPORTS, type Wanted, asked as wantedAs, shifted, wantedOf } from "./wanted";
import "../cases/cases.css";
import "../cases/words";

const FILES = ["xlsx", "html"] as const;

/** Reports of the casebook: which one, of which days and district, as tables and as files. */
export default function Reports() {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const wanted = wantedOf(params, new Date());
  const lacks = wanted.report === "campaign" && !wanted.campaign;
  const { data, error, isPending } = useQuery({
    queryKey: ["report", wanted],
    enabled: !lacks,
    staleTime: 0,
    queryFn: () => asked(client.GET("/v1/reports/{report}", { params: { path: { report: wanted.report }, query: wantedAs(wanted) } })) as Promise<unknown> as Promise<Figures>,
  });
  return (
    <section className="caselist reports">
      <h1>{say("app.nav_reports")}</h1>
      <p className="quiet">{say("casework.report_note")}</p>
      <nav className="queues" aria-label={say("casework.report_which")}>
        {REPORTS.map((one) => (
          <Link key={one} to={address(["reports"], [["report", one]])} aria-current={one === wanted.report ? "page" : undefined}>
            {say(`casework.report_${one}`)}
          </Link>
        ))}
      </nav>
      <Span key={JSON.stringify(wanted)} wanted={wanted} />
      {lacks ? <p className="empty">{say("casework.report_which_campaign")}</p> : null}
      {error ? <Wrong error={error} /> : null}
      {isPending && !error && !lacks ? <Waiting /> : null}
      {data && !error ? (
        <>
          <TakeAlong wanted={wanted} />
          {wanted.report === "campaign" ? (
            <p>
              <Link to={address(["cases"], [["campaign", wanted.campaign], ["district", wanted.district]])}>{say("casework.report_cases")}</Link>
            </p>
          ) : null}
          {data.groups ? <p className="quiet">{say("cases.typical_meaning", { least: data.least ?? 0 })}</p> : null}
          {tablesOf(data, say, lang).map((table) => (table.rows.length ? <ReportTable key={table.name} table={table} /> : <p key={table.name} className="empty">{say("cases.typical_none", { least: data.least ?? 0 })}</p>))}
          {data.others ? <p className="quiet">{say("cases.typical_others", { least: data.least ?? 0 })}</p> : null}
        </>
      ) : null}
    </section>
  );
}

/** Of which days, and which district or campaign: asked for at once when all is chosen, since each report stands in the audit trail. */
function Span({ wanted }: { wanted: Wanted }) {
  const { say } = useWords();
  const { data: overview } = useOverview();
  const [{ first, last, campaign, district }, put] = useState(wanted);
  const set = (change: Partial<Wanted>) => put((before) => ({ ...before, ...change }));
  function submit(event: FormEvent): void {
    event.preventDefault();
    turn({ first, last, campaign: campaign.trim(), district: district.trim() });
  }
  return (
    <form className="filters" aria-label={say("casework.report_of")} onSubmit={submit}>
      <label>
        {say("casework.report_first")}
        <input type="date" required value={first} max={last} onChange={(event) => set({ first: event.target.value })} />
      </label>
      <label>
        {say("casework.report_last")}
        <input type="date" required value={last} min={first} onChange={(event) => set({ last: event.target.value })} />
      </label>
      {wanted.report === "campaign" ? (
        <label>
          {say("casework.campaign")}
          <input required maxLength={100} value={campaign} onChange={(event) => set({ campaign: event.target.value })} />
        </label>
      ) : null}
      {wanted.report === "typical" ? null : (
        <label>
          {say("app.district")}
          <input list="report-districts" maxLength={200} placeholder={say("app.any")} value={district} onChange={(event) => set({ district: event.target.value })} />
          <datalist id="report-districts">
            {overview?.districts.map((one) => (
              <option key={one.value} value={one.value} />
            ))}
          </datalist>
        </label>
      )}
      <button type="submit" className="first">
        {say("casework.report_go")}
      </button>
      {wanted.report === "weekly" ? (
        <span className="row">
          <button type="button" onClick={() => turn(shifted(wanted, -1))}>
            {say("casework.report_earlier")}
          </button>
          <button type="button" onClick={() => turn(shifted(wanted, 1))}>
            {say("casework.report_later")}
          </button>
        </span>
      ) : null}
    </form>
  );
}

/** The same report as a file, in the reader's language. */
function TakeAlong({ wanted }: { wanted: Wanted }) {
  const { say } = useWords();
  const make = useMutation({
    mutationFn: (form: (typeof FILES)[number]) =>
      asked(client.GET("/v1/reports/{report}", { params: { path: { report: wanted.report }, query: { ...wantedAs(wanted), form } }, parseAs: "blob" })) as Promise<unknown>,
    onSuccess: (content, form) => save(content as Blob, `${wanted.report}-${wanted.first}-${wanted.last}.${form}`),
  });
  return (
    <p className="row buttons">
      {FILES.map((form) => (
        <button key={form} type="button" disabled={make.isPending} onClick={() => make.mutate(form)}>
          {say(`casework.report_${form}`)}
        </button>
      ))}
      {make.error ? <Wrong error={make.error} /> : null}
    </p>
  );
}
