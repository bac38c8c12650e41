// The casebook's texts come with its screens: the first load does without them.
import i18next from "i18next";

import en from "../made/casework.en";
import zh from "../made/casework.zh";

i18next.addResourceBundle("en", "translation", en);
i18next.addResourceBundle("zh", "translation", zh);
