"""The tables and columns of the national platform's export, with the names that provinces give them."""

from __future__ import annotations

from ringfinder.claims.profiles.canonical import BOUNDS, SEX
from ringfinder.claims.profiles.profile import SourceColumn, SourceTable

VALID = "coalesce(lower(vali_flag), '1') NOT IN ('0', '00', '0.0', 'false', 'n', '无效', '否')"
_VALID_FLAG = SourceColumn("vali_flag", "text", ("valid_flag", "valiflag", "有效标志"))
_CARE = (
    SourceColumn("med_type", "text", ("medtype", "医疗类别")),
    SourceColumn("hosp_lv", "text", ("hosplv", "医院等级")),
)
_CREDENTIAL = (
    SourceColumn("mdtrt_cert_type", "text", ("就诊凭证类型",)),
    SourceColumn("mdtrt_cert_no", "id", ("card_no", "就诊凭证编号"), personal=True),
)
_AGENT = (
    SourceColumn("agnter_certno", "id", ("agnter_cert_no", "代办人证件号码"), personal=True),
    SourceColumn("agnter_tel", "id", ("代办人联系电话",), personal=True),
    SourceColumn("agnter_name", "text", ("代办人姓名",), personal=True),
)
_PERSON = (
    SourceColumn("psn_name", "text", ("name", "姓名", "人员姓名"), personal=True),
    SourceColumn("gend", "text", ("gender", "sex", "性别"), choices=SEX),
    SourceColumn("brdy", "date", ("birthday", "brdy_date", "出生日期"), personal=True),
    SourceColumn("certno", "id", ("cert_no", "idcard", "证件号码"), personal=True),
    SourceColumn("insu_optins", "text", ("insuplc_admdvs", "insu_admdvs", "insuplc", "参保地")),
    SourceColumn("psn_type", "text", ("人员类别",)),
    SourceColumn("die_date", "date", ("death_date", "死亡日期")),
)
_PLACE = (SourceColumn("fixmedins_name", "text", ("medins_name", "定点医药机构名称")),)
_CODE_ALIASES = ("fixmedins_no", "medins_code", "medins_no", "fixmedins_codg", "定点医药机构编号")
_PSN_ALIASES = ("psn_id", "psnno", "人员编号")

SETL = SourceTable(
    "setl_d",
    ("setl_d", "setl", "setlinfo", "setl_info", "settlement", "settlements", "结算信息", "结算"),
    (
        SourceColumn("setl_id", "id", ("medins_setl_id", "结算id"), required=True, identity=True),
        SourceColumn("psn_no", "id", _PSN_ALIASES, required=True, identity=True),
        SourceColumn("fixmedins_code", "id", _CODE_ALIASES, required=True, identity=True),
        SourceColumn("mdtrt_id", "id", ("就诊id",)),
        SourceColumn("begndate", "time", ("begntime", "begn_date", "adm_time", "开始日期")),
        SourceColumn("enddate", "time", ("endtime", "end_date", "dscg_time", "结束日期")),
        SourceColumn("setl_time", "time", ("mdtrt_setl_time", "setl_date", "结算时间")),
        SourceColumn("medfee_sumamt", "money", ("medfee_sum_amt", "medfee_sum", "医疗费总额")),
        SourceColumn("fund_pay_sumamt", "money", ("fund_pay_sum_amt", "基金支付总额")),
        SourceColumn("hifp_pay", "money", ("统筹基金支出",)),
        SourceColumn("refd_setl_flag", "text", ("refd_flag", "退费结算标志")),
        SourceColumn("init_setl_id", "id", ("orig_setl_id", "ori_setl_id", "refd_setl_id", "原结算id")),
        SourceColumn("dise_codg", "text", ("dise_code", "病种编码")),
        SourceColumn("bankacct", "id", ("bank_acct", "payee_acct", "银行账号"), personal=True),
        SourceColumn("term_no", "id", ("terminal_no", "pos_no", "终端号")),
        SourceColumn("invono", "id", ("invoice_no", "发票号")),
        SourceColumn("opter_id", "id", ("opter_no", "opter", "经办人id")),
        *_CARE,
        *_CREDENTIAL,
        *_AGENT,
        *_PERSON,
        *_PLACE,
        _VALID_FLAG,
    ),
    key="setl_id",
    keep=VALID,
)
MDTRT = SourceTable(
    "mdtrt_d",
    ("mdtrt_d", "mdtrt", "mdtrtinfo", "mdtrt_info", "visits", "就诊信息", "就诊"),
    (
        SourceColumn("mdtrt_id", "id", ("就诊id",), required=True),
        SourceColumn("psn_no", "id", _PSN_ALIASES),
        SourceColumn("begntime", "time", ("begndate", "begn_time", "adm_time", "开始时间")),
        SourceColumn("endtime", "time", ("enddate", "end_time", "dscg_time", "结束时间")),
        SourceColumn("atddr_no", "id", ("atddr_code", "主治医生编码")),
        SourceColumn("chfpdr_code", "id", ("chfpdr_no", "dise_dor_no", "主诊医师代码")),
        SourceColumn("dscg_maindiag_code", "text", ("maindiag_code", "diag_code", "主诊断编码")),
        SourceColumn("dise_codg", "text", ("dise_code", "病种编码")),
        SourceColumn("coner_tel", "id", ("tel", "联系电话"), personal=True),
        SourceColumn("addr", "text", ("curr_addr", "coner_addr", "地址"), personal=True),
        SourceColumn("opter_id", "id", ("opter_no", "opter", "经办人id")),
        *_CARE,
        *_CREDENTIAL,
        *_AGENT,
        *_PERSON,
        _VALID_FLAG,
    ),
    key="mdtrt_id",
    keep=VALID,
)
FEE = SourceTable(
    "fee_list_d",
    ("fee_list_d", "fee_list", "feelist", "feedetail", "fee_detail", "费用明细"),
    (
        SourceColumn("bkkp_sn", "id", ("feedetl_sn", "费用明细流水号")),
        SourceColumn("setl_id", "id", ("结算id",)),
        SourceColumn("mdtrt_id", "id", ("就诊id",)),
        SourceColumn("det_item_fee_sumamt", "money", ("det_item_fee_sum_amt", "明细项目费用总额"), required=True),
        SourceColumn("med_list_codg", "text", ("med_list_code", "医疗目录编码")),
        SourceColumn("hilist_code", "text", ("hilist_codg", "医保目录编码")),
        SourceColumn("list_type", "text", ("目录类别",)),
        SourceColumn("med_chrgitm_type", "text", ("收费项目类别",)),
        SourceColumn("bilg_dr_codg", "id", ("bilg_dr_code", "开单医师编码")),
        SourceColumn("orders_dr_code", "id", ("orders_dr_codg", "受单医生编码")),
        _VALID_FLAG,
    ),
    key="bkkp_sn",
    keep=VALID,
)
PSN = SourceTable(
    "psn_info",
    ("psn_info", "psn", "psn_d", "person", "psninfo", "baseinfo", "人员信息"),
    (
        SourceColumn("psn_no", "id", _PSN_ALIASES, required=True),
        SourceColumn("tel", "id", ("phone", "mob", "联系电话"), personal=True),
        SourceColumn("coner_tel", "id", ("联系人电话",), personal=True),
        SourceColumn("addr", "text", ("curr_addr", "live_addr", "地址"), personal=True),
        SourceColumn("bankacct", "id", ("bank_acct", "银行账号"), personal=True),
        *_PERSON,
    ),
    key="psn_no",
)
FIXMEDINS = SourceTable(
    "fixmedins",
    ("fixmedins", "fixmedins_b", "medins", "medinsinfo", "定点医药机构"),
    (
        SourceColumn("fixmedins_code", "id", _CODE_ALIASES, required=True),
        SourceColumn("fixmedins_type", "text", ("medins_type", "定点医疗服务机构类型")),
        SourceColumn("hosp_lv", "text", ("hosplv", "aggr_lv", "医院等级")),
        SourceColumn("admdvs", "text", ("poolarea", "fixmedins_poolarea", "医保区划")),
        SourceColumn("lat", "number", ("latitude", "lnt_lat", "纬度"), bounds=BOUNDS["latitude"]),
        SourceColumn("lng", "number", ("lon", "longitude", "经度"), bounds=BOUNDS["longitude"]),
        *_PLACE,
    ),
    key="fixmedins_code",
)
CARDS = SourceTable(
    "cards",
    ("cards", "card", "card_info", "卡信息"),
    (SourceColumn("card_no", "id", ("card_id", "卡号"), required=True), SourceColumn("psn_no", "id", _PSN_ALIASES)),
    key="card_no",
)
DOCTORS = SourceTable(
    "doctors",
    ("doctors", "dr_info", "doctor", "dr_d", "医师信息"),
    (
        SourceColumn("dr_code", "id", ("dr_codg", "dr_no", "doctor_code", "医师代码"), required=True),
        SourceColumn("dr_name", "text", ("doctor_name", "医师姓名"), personal=True),
        SourceColumn("fixmedins_code", "id", _CODE_ALIASES),
    ),
    key="dr_code",
)
AGENTS = SourceTable(
    "agents",
    ("agents", "agnter", "agnterinfo", "agnter_info", "代办人"),
    (
        SourceColumn("agnter_certno", "id", ("agnter_cert_no", "代办人证件号码"), required=True, personal=True),
        SourceColumn("agnter_name", "text", ("代办人姓名",), personal=True),
        SourceColumn("agnter_tel", "id", ("代办人联系电话",), personal=True),
        SourceColumn("bankacct", "id", ("bank_acct", "银行账号"), personal=True),
    ),
    key="agnter_certno",
)
