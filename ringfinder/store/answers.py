"""Rows of a query as they should be: LadybugDB hands out negative decimals without their sign."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa


def with_signs(table: pa.Table) -> pa.Table:
    """Decimals with their sign: the engine keeps them in 16, 32 or 64 bits and widens negative ones as if unsigned."""
    for index, field in enumerate(table.schema):
        if not pa.types.is_decimal128(field.type) or field.type.precision > 18:
            continue
        bits = 16 if field.type.precision <= 4 else 32 if field.type.precision <= 9 else 64
        span = Decimal(2**bits).scaleb(-field.type.scale)
        values = (value.as_py() for value in table.column(index))
        mended = [v if v is None or v < span / 2 else v - span for v in values]
        table = table.set_column(index, field.name, pa.array(mended, pa.decimal128(20, field.type.scale)))
    return table
