import { expect, test } from "vitest";

import { painted } from "../src/analyst/painting";

const cut = (statement: string) => painted(statement).filter((part) => part.paint !== "plain").map((part) => `${part.paint} ${part.text}`);

test("words of Cypher, labels and types, texts, numbers and parameters are told apart", () => {
  expect(cut("MATCH (p:Patient)-[:FOR_PATIENT]-(c) WHERE c.total_amount >= 12.5 AND p.patient_id = $who RETURN count(p) AS n // all")).toEqual([
    "word MATCH", "graph Patient", "graph FOR_PATIENT", "word WHERE", "number 12.5", "word AND", "parameter $who", "word RETURN", "word count", "word AS", "comment // all",
  ]);
});

test("words inside texts, comments and quoted names are none, nor are properties and unknown labels", () => {
  expect(cut("RETURN 'MATCH \\'WHERE', \"x\" /* LIMIT */, `ORDER BY`, r.end, (n:Return)")).toEqual(["word RETURN", "text 'MATCH \\'WHERE'", 'text "x"', "comment /* LIMIT */"]);
  expect(cut("return 'open LIMIT")).toEqual(["word return", "text 'open LIMIT"]);
});

test("all parts together are the statement, sign by sign", () => {
  const statement = "MATCH (n)\n  WHERE n.名字 = '王' AND n.x <> 3 // 备注\nRETURN n\n";
  expect(painted(statement).map((part) => part.text).join("")).toBe(statement);
  expect(painted("")).toEqual([]);
});
