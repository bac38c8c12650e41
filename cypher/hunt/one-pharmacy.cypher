// name: hunt/one-pharmacy
// title-zh: 处方都到一家药店
// title-en: Prescriptions that all go to one pharmacy
// purpose-zh: 一名医师的处方大多在同一家药店取药；另列出该药店在其他医师处方中所占的份额。
// purpose-en: A doctor whose prescriptions are mostly filled at one pharmacy, beside that pharmacy's share of the other doctors' prescriptions.
// kind: doctor_pharmacy
// param least: count = 20 | 医师至少有几张处方 | least prescriptions of the doctor
// param least_share: number = 0.6 | 至少占多少 | least share at one pharmacy
// column doctor_id: doctor | 医师 | doctor
// column facility_id: facility | 机构 | facility
// column prescriptions: count | 医师的处方数 | prescriptions of the doctor
// column here: count | 在此药店的处方数 | those filled here
// column share: number | 所占份额 | share
// column other_share: number | 此药店在其他医师处方中的份额 | this pharmacy's share of the other doctors' prescriptions
MATCH (d:Doctor)<-[:BY_DOCTOR]-(c:Claim)-[:AT_FACILITY]->(f:Facility)
WHERE c.service_type = 'pharmacy' AND c.total_amount > 0 AND NOT d.set_aside
WITH d.doctor_id AS doctor, f.facility_id AS place, count(*) AS filled
WITH place, collect({doctor: doctor, filled: filled}) AS doctors, sum(filled) AS of_place
WITH collect({place: place, doctors: doctors, of_place: of_place}) AS places, sum(of_place) AS everything
UNWIND places AS shop
UNWIND shop.doctors AS one
WITH everything, one.doctor AS doctor, collect({place: shop.place, filled: one.filled, of_place: shop.of_place}) AS shops,
     sum(one.filled) AS written
WHERE written >= $least
UNWIND shops AS shop
WITH everything, doctor, written, shop
WHERE shop.filled >= $least_share * written
RETURN doctor AS doctor_id, shop.place AS facility_id, written AS prescriptions, shop.filled AS here,
       round(1.0 * shop.filled / written, 4) AS share,
       CASE WHEN everything > written THEN round(1.0 * (shop.of_place - shop.filled) / (everything - written), 4)
            ELSE 0.0 END AS other_share
ORDER BY share DESC, here DESC, doctor_id, facility_id
