import { choose, useWords } from "../words";
import { chooseTheme, useTheme } from "./theme";

export function LanguageAndTheme() {
  const { say, lang } = useWords();
  const theme = useTheme();
  const other = lang === "zh" ? "en" : "zh";
  return (
    <div className="switches">
      <button type="button" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => choose(other)}>
        {other === "zh" ? "中文" : "English"}
      </button>
      <button type="button" onClick={() => chooseTheme(theme === "dark" ? "light" : "dark")}>
        {theme === "dark" ? say("app.light") : say("app.dark")}
      </button>
    </div>
  );
}
