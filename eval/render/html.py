"""The report as one HTML file that asks the network for nothing.

Everything from letters and predictions is escaped: by the template engine in the page, as
JSON without `<` for the script, which writes text nodes only.
"""

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from eval.findings import Status
from eval.render.browser import browser_content
from eval.render.plots import plot_reliability, plot_risk_coverage, plot_slices
from eval.render.values import show_interval, show_number
from eval.report import Report
from eval.scored import ScoredLetter
from extract.show import show_share, show_value


def _read(name: str) -> str:
    return resources.files("eval.render").joinpath(name).read_text("utf-8")


def render_html(
    report: Report, scored: Sequence[ScoredLetter], texts: Mapping[str, str]
) -> str:
    """The page of `report`.

    Args:
        scored: the letters that the report is on, in its order.
        texts: letter id to text, for the error browser; a letter that cannot be read is
            left out.
    """
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_read),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        share=show_share, interval=show_interval, number=show_number, value=show_value
    )
    return environment.get_template("page.html").render(
        report=report,
        plots=_plots(report),
        browser=browser_content(report.letter_results, scored, texts),
        statuses=list(Status),
        usage_names=sorted({name for method in report.methods for name in method.usage}),
        style=Markup(_read("page.css")),
        script=Markup(_read("page.js")),
    )


def _plots(report: Report) -> dict[str, Any]:
    plots = {"slices": Markup(plot_slices(report))}
    if report.confidence.values:
        plots["reliability"] = Markup(plot_reliability(report.confidence))
        plots["risk_coverage"] = Markup(plot_risk_coverage(report.confidence))
    return plots
