"""The files that operators give to Prometheus and Grafana: every figure they ask for exists, and none is left out."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, ProcessCollector

from bot.metrics.catalogue import MEASURES
from bot.metrics.server import WRITER
from tests.rig import ROOT

OPS = ROOT / "ops"
DOCS = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
OURS = re.compile(r"\b((?:rosette|process)_[a-z_]+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'([a-z_]+)\s*(?:=~|!~|!=|=)\s*"')
ADDED = {"instance", "job", "le"}
"""Labels that Prometheus adds, and that of buckets."""
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count")}


def known_samples() -> dict[str, set[str]]:
    """Return the labels of each sample by its name, as queries write it."""
    samples = {
        measure.sample_name + suffix: {*measure.labels} | ADDED
        for measure in MEASURES
        for suffix in SUFFIXES.get(measure.kind, ("",))
    }
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    ProcessCollector(namespace=WRITER, registry=registry)
    return samples | {sample.name: ADDED for family in registry.collect() for sample in family.samples}


KNOWN = known_samples()


def used(query: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each figure of ours in a query, with the labels that it is selected by."""
    for name, matchers in OURS.findall(query):
        yield name, {*MATCHER.findall(matchers)}


def loaded(name: str) -> Any:
    return yaml.safe_load((OPS / name).read_text(encoding="utf-8"))


def panels() -> list[dict[str, Any]]:
    return json.loads((OPS / "grafana.json").read_text(encoding="utf-8"))["panels"]


def rules() -> list[dict[str, Any]]:
    return [rule for group in loaded("alerts.yml")["groups"] for rule in group["rules"]]


def panel_queries() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel.get("targets", [])]


@pytest.mark.parametrize("query", [*panel_queries(), *(rule["expr"] for rule in rules())])
def test_a_query_asks_for_figures_and_labels_that_exist(query: str):
    figures = [*used(query)]

    assert figures or query.startswith("up{")
    for name, labels in figures:
        assert name in KNOWN, name
        assert labels <= KNOWN[name], (name, labels)
    groups = re.findall(r"\bby \(([^)]*)\)", query)
    labels_of_all = set().union(ADDED, *(KNOWN[name] for name, _ in figures))
    assert {label.strip() for labels in groups for label in labels.split(",")} <= labels_of_all


def test_the_dashboard_shows_every_figure():
    panel_names = {name for query in panel_queries() for name, _ in used(query)}

    assert {
        measure.name for measure in MEASURES if not any(name.startswith(measure.name) for name in panel_names)
    } == set()


def test_the_documentation_explains_every_figure_and_no_other():
    names_in_docs = {*re.findall(r"`((?:rosette|process)_[a-z_]+)", DOCS)}
    names = {measure.sample_name for measure in MEASURES}

    assert names - names_in_docs == set()
    assert {name for name in names_in_docs if name not in KNOWN and name not in names} == set()


def test_panels_have_a_title_an_explanation_and_a_place_of_their_own():
    cells_in_use: set[tuple[int, int]] = set()
    for panel in panels():
        assert panel["title"]
        assert panel["type"] == "row" or panel["description"].endswith(".")
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & cells_in_use, panel["title"]
        assert max(x for x, _ in cells) < 24
        cells_in_use |= cells
    ids = [panel["id"] for panel in panels()]
    assert len({*ids}) == len(ids)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]):
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(rule["annotations"]) == {"summary", "description"}
    assert not rule["annotations"]["summary"].endswith(".")
    assert len(rule["annotations"]["description"].split()) >= 8
    for label in re.findall(r"\$labels\.(\w+)", str(rule["annotations"])):
        assert label in {"instance"} | set().union(*(KNOWN.get(name, set()) for name, _ in used(rule["expr"])))
    assert f"`{rule['alert']}`" in DOCS


def test_the_wanted_alerts_are_there():
    queries = " ".join(rule["expr"] for rule in rules())

    for name in ("books_open", "audit_findings", "backup_success", "interaction_ack", "follower_lag", "rate_limited"):
        assert f"rosette_{name}" in queries


def test_the_example_for_prometheus_loads_the_alerts_and_names_a_port():
    example = loaded("prometheus.yml")

    assert all((OPS / name).exists() for name in example["rule_files"])
    (job,) = example["scrape_configs"]
    assert job["job_name"] == "rosette"
    assert "METRICS_PORT=9464" in DOCS
    assert job["static_configs"][0]["targets"] == ["127.0.0.1:9464"]
