import { KINDS } from "../made/kinds";

const COLOURS = ["#d55e00", "#0072b2", "#56b4e9", "#009e73", "#cc79a7", "#e69f00", "#f0e442", "#7a6cc4", "#8a5a2b", "#5f6a75"];

export const colourOf = (kind: string): string => COLOURS[KINDS.findIndex((one) => one === kind)] ?? "#5f6a75";
export const PALE = { light: "#cfd6dc", dark: "#3c454e" };
