// name: watch/set-aside
// title-zh: 已搁置的值
// title-en: Values set aside
// purpose-zh: 读取时因太多人共用而搁置的值：它们不构成任何联系。
// purpose-en: Values set aside while reading since too many people carry them: they tie nobody.
// column table_name: text | 表 | table
// column column_name: text | 列 | column
// column value: text | 值 | value
// column people: count | 人数 | people who carry it
MATCH (s:SetAside)
RETURN s.table_name AS table_name, s.column_name AS column_name, s.value AS value, s.people AS people
ORDER BY people DESC, table_name, column_name, value
