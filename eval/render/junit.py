"""The report as JUnit XML: one case per field, and one per group and average."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from eval.findings import Finding, Status
from eval.render.values import show_interval
from eval.report import Report, Row
from extract.show import show_share

_SUITE = "imr eval"


def render_junit(report: Report) -> str:
    """The report in JUnit XML; a case fails if the gate does, and is skipped unmeasured."""
    findings = report.gate.findings if report.gate else ()
    cases = list(_cases(report, findings))
    suite = ET.Element(
        "testsuite",
        name=_SUITE,
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        errors="0",
    )
    suite.extend(cases)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _cases(report: Report, findings: Sequence[Finding]) -> Iterator[ET.Element]:
    for row in report.fields:
        yield _case("field", row.name, _row_text(row), _of(row.name, findings))
    for row in (*report.groups, report.micro):
        yield _case("average", row.name, _row_text(row), _of(row.name, findings))
    macro = f"F1 {show_share(report.macro.f1)} % ({show_interval(report.macro.intervals.f1)})"
    yield _case("average", "macro", macro, _of("macro", findings))
    exact = f"{report.records_exact.right} of {report.records_exact.of} wholly right"
    yield _case("average", "records", exact, _of("records", findings))


def _of(name: str, findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.name == name]


def _row_text(row: Row) -> str:
    if not row.support and not row.given:
        return ""
    return (
        f"F1 {show_share(row.f1)} % ({show_interval(row.intervals.f1)}), "
        f"precision {show_share(row.precision)} %, recall {show_share(row.recall)} %; "
        f"{row.support} labelled, {row.missed} missed, {row.spurious} spurious, "
        f"{row.wrong} wrong"
    )


def _case(kind: str, name: str, text: str, findings: Sequence[Finding]) -> ET.Element:
    case = ET.Element("testcase", classname=f"{_SUITE}.{kind}", name=name)
    failed = [each.sentence for each in findings if each.status is Status.FAILED]
    unmeasured = [each.sentence for each in findings if each.status is Status.NOT_MEASURED]
    if failed:
        ET.SubElement(case, "failure", message="; ".join(failed))
    elif unmeasured or not text:
        ET.SubElement(case, "skipped", message="; ".join(unmeasured) or "not measured")
    if text:
        ET.SubElement(case, "system-out").text = text
    return case
