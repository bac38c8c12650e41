import { useEffect, useState } from "react";

import { turn } from "../place/use";
import { type Language, useWords } from "../words";
import { following } from "./occasions";

export const PACE = 1200; // milliseconds a month

export function monthName(month: string, lang: Language): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { year: "numeric", month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(year, number - 1)));
}

/** Month by month: by hand, by keys, or by itself until somebody stops it. The month stands in the address; what plays leaves no trail there. */
export function Playback({ months, month }: { months: readonly string[]; month: number | null }) {
  const { say, lang } = useWords();
  const [playing, setPlaying] = useState(false);
  const show = (next: number | null, replace: boolean) => turn({ month: next === null ? "" : months[next]! }, replace);
  useEffect(() => {
    if (!playing) return undefined;
    const next = following(month, months.length);
    const timer = setTimeout(() => (next === null ? setPlaying(false) : show(next, true)), PACE);
    return () => clearTimeout(timer);
  }, [playing, month, months]);
  function play(): void {
    if (!playing && (month === null || following(month, months.length) === null)) show(0, true);
    setPlaying(!playing);
  }
  function by(next: number | null): void {
    setPlaying(false);
    show(next, false);
  }
  const name = month === null ? say("app.land_all_months") : monthName(months[month]!, lang);
  return (
    <div className="playback" role="group" aria-label={say("app.land_playback")}>
      <button type="button" onClick={play} className="first">
        {playing ? say("app.land_pause") : say("app.land_play")}
      </button>
      <button type="button" disabled={!month} onClick={() => by(month! - 1)}>
        {say("app.land_before")}
      </button>
      <button type="button" disabled={following(month, months.length) === null} onClick={() => by(following(month, months.length))}>
        {say("app.land_after")}
      </button>
      <label className="slider">
        {say("app.land_month")}
        <input
          type="range"
          min={0}
          max={months.length}
          value={month === null ? 0 : month + 1}
          aria-valuetext={name}
          onChange={(event) => {
            setPlaying(false);
            const chosen = Number(event.target.value);
            show(chosen === 0 ? null : chosen - 1, true);
          }}
        />
      </label>
      <b className="monthname">{name}</b>
      <button type="button" disabled={month === null} onClick={() => by(null)}>
        {say("app.land_all_months")}
      </button>
    </div>
  );
}
