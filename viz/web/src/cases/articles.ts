// Articles of the regulation in words, as ringfinder/casebook/articles.py tells them: 41-1(3) is 第四十一条第一款第（三）项.
import { type Key, say as Say } from "../words";

const WRITTEN = /^(\d+)(?:-(\d))?(?:\((\d)\))?$/;

/** The article without the regulation's name. */
export function articleName(article: string, say: typeof Say): string {
  const [, number, paragraph, item] = WRITTEN.exec(article) ?? [];
  const parts = [["article", number], ["paragraph", paragraph], ["item", item]] as const;
  return number ? parts.map(([what, which]) => (which ? say(`cases.${what}_${which}` as Key) : "")).join("") : article;
}
