import { expect, test } from "vitest";

import { Q_STOPS, comeAndGo, stopOf, triedOf } from "../src/runs/thresholds";

const ring = (ring_id: string, q_value: number, alert_after: boolean) => ({ ring_id, kind: "rotation" as const, score: 50, q_value, coordination: 1, harm: 9, patients: 3, claims: 9, fund_amount: "1.00", alert_before: !alert_after, alert_after });

test("only figures within their bounds are tried", () => {
  const of = (text: string) => triedOf(new Map(new URLSearchParams(text)));
  expect(of("q=0.01&harm=12")).toEqual({ alert_q: 0.01, alert_harm: 12 });
  expect(of("q=0&harm=0")).toEqual({ alert_q: 0, alert_harm: 0 });
  expect([of(""), of("q=&harm="), of("q=2&harm=-1"), of("q=x&harm=1e9")]).toEqual([{}, {}, {}, {}]);
});

test("every figure has a stop of the slider, the nearest by size", () => {
  expect(Q_STOPS.map(stopOf)).toEqual(Q_STOPS.map((_, i) => i));
  expect([0, 0.04, 0.06, 1].map((q) => Q_STOPS[stopOf(q)])).toEqual([0.0001, 0.05, 0.05, 0.5]);
});

test("those that come and those that go, the surest first", () => {
  const { come, go } = comeAndGo([ring("R3", 0.2, true), ring("R1", 0.1, true), ring("R2", 0.1, true), ring("R4", 0.01, false)]);
  expect([come.map((one) => one.ring_id), go.map((one) => one.ring_id)]).toEqual([["R1", "R2", "R3"], ["R4"]]);
});
