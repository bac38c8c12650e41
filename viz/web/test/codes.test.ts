import { expect, test } from "vitest";

import { keysOf } from "../src/codes/codes";
import { meant } from "../src/codes/words";
import { choose } from "../src/words";

test("a medicine is told by its group, with or without the X of the national code", () => {
  expect([keysOf("medicine", "XA10BA02"), keysOf("medicine", "a10ba02"), keysOf("medicine", "ZA09BAP6"), keysOf("medicine", "86900012")]).toEqual([["medicine_a10"], ["medicine_a10"], ["medicine_z"], []]);
});

test("an illness is told by its category, else by its chapter", () => {
  expect([keysOf("illness", "J44.9"), keysOf("illness", "I10"), keysOf("illness", "J449"), keysOf("illness", "?")]).toEqual([["illness_j44", "illness_j"], ["illness_i10", "illness_i"], [], []]);
});

test("what is not known by its category is told by its chapter, and what is of no system not at all", () => {
  choose("en");
  expect([meant("illness", "J44.9"), meant("illness", "J95.1"), meant("medicine", "XR05DA09"), meant("medicine", "86900012")]).toEqual(["COPD", "lung or airway disease", "cough and cold", null]);
  choose("zh");
  expect([meant("illness", "J44.9"), meant("medicine", "XR05DA09")]).toEqual(["慢性阻塞性肺疾病", "咳嗽、感冒用药"]);
});
