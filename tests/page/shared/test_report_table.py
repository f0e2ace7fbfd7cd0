"""Tables of report pages, as their macro draws them."""

from __future__ import annotations

from dealml.page.shared.document import environment
from dealml.page.shared.report_table import ReportCell, ReportTable, cells


def test_a_table_is_drawn_with_its_heads_and_notes() -> None:
    table = ReportTable("Caption", ("", "share"), ((ReportCell("a < b", "a note"), ReportCell("40%", "20% to 60%")), cells("c", 1)))
    drawn = environment().from_string('{% from "wide.html.j2" import wide %}{{ wide(table) }}').render(table=table)
    assert '<th scope="row" dir="auto">a &lt; b<small>a note</small></th><td>40%<small>20% to 60%</small></td>' in drawn
    assert '<td></td><th scope="col">share</th>' in drawn
    assert '<th scope="row" dir="auto">c</th><td>1</td>' in drawn
