// name: read/patient-ties
// title-zh: 与某参保人联系紧密的人
// title-en: Who is tied to a patient
// purpose-zh: 与此人相遇超出巧合的参保人，证据强的在前。
// purpose-en: Patients who meet this one more often than chance explains; the strongest evidence first.
// param patient_id: text | 参保人编号 | the patient's id
// column patient_id: patient | 对方参保人编号 | the other patient
// column channel: text | 检测 | channel
// column observed: count | 相遇次数 | meetings
// column expected: number | 巧合预计次数 | meetings expected by chance
// column weight: number | 证据强度（纳特） | evidence, nats
MATCH (p:Patient {patient_id: $patient_id})-[t:TIED]-(o:Patient)
RETURN o.patient_id AS patient_id, t.channel AS channel, t.observed AS observed, t.expected AS expected,
       t.weight AS weight
ORDER BY weight DESC, patient_id, channel
