"""The settings of Stripe: what is missing, weak or does not go together ends the start, and shows no secret."""

import pytest

from bot import setting_sources
from bot.setting_sources import SettingsError
from bot.settings import Settings

KEY = "0123456789abcdefCANARY"
STRIPE = {
    "DISCORD_TOKEN": "a-token-of-discord",
    "PAYMENT_PROVIDERS": "stripe",
    "STRIPE_SECRET_KEY": f"sk_test_{KEY}",
    "STRIPE_WEBHOOK_SECRET": f"whsec_{KEY}",
    "STRIPE_GUILDS": "7, 8",
}
MANAGED = STRIPE | {"STRIPE_MODE": "managed", "STRIPE_TAX_CODE": "txcd_10201000"}
CONNECT = STRIPE | {"STRIPE_MODE": "connect", "STRIPE_GUILDS": ""}


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An empty folder, and an environment without any of our settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def load(surroundings: pytest.MonkeyPatch, variables: dict[str, str]) -> Settings:
    for name, value in variables.items():
        surroundings.setenv(name, value)
    return setting_sources.load()


@pytest.mark.parametrize(
    "variables",
    [
        STRIPE,
        MANAGED,
        CONNECT,
        STRIPE | {"STRIPE_SECRET_KEY": f"rk_live_{KEY}", "STRIPE_TRANSFERS": "true"},
        STRIPE | {"STRIPE_API_URL": "http://127.0.0.1:12111", "STRIPE_TRANSFERS": "true"},
        STRIPE | {"STRIPE_LINE": "{coins} Geschenkpunkte für Mias Server"},
        STRIPE | {"STRIPE_LINE": "{coins} gift credits for {server}", "STRIPE_STATEMENT": "{server} CREDITS"},
        {"DISCORD_TOKEN": "a-token-of-discord"},
    ],
)
def test_settings_that_go_together_are_accepted(surroundings, variables):
    loaded = load(surroundings, variables)

    assert loaded.stripe_guilds == ((7, 8) if variables.get("STRIPE_GUILDS") else ())
    assert KEY not in repr(loaded)


WRONG = [
    (STRIPE | {"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY"),
    (STRIPE | {"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET"),
    (STRIPE | {"STRIPE_GUILDS": ""}, "STRIPE_GUILDS"),
    (STRIPE | {"STRIPE_GUILDS": f"7,{KEY}"}, "STRIPE_GUILDS"),
    (STRIPE | {"STRIPE_GUILDS": "0"}, "STRIPE_GUILDS"),
    (STRIPE | {"STRIPE_SECRET_KEY": f"pk_test_{KEY}"}, "publishable"),
    (STRIPE | {"STRIPE_SECRET_KEY": f"whsec_{KEY}"}, "STRIPE_SECRET_KEY"),
    (STRIPE | {"STRIPE_SECRET_KEY": KEY}, "STRIPE_SECRET_KEY"),
    (STRIPE | {"STRIPE_SECRET_KEY": "sk_test_short"}, "STRIPE_SECRET_KEY"),
    (STRIPE | {"STRIPE_SECRET_KEY": f" sk_test_{KEY}"}, "STRIPE_SECRET_KEY"),
    (STRIPE | {"STRIPE_WEBHOOK_SECRET": f"sk_test_{KEY}"}, "whsec_"),
    (STRIPE | {"STRIPE_WEBHOOK_SECRET": KEY}, "whsec_"),
    (STRIPE | {"STRIPE_WEBHOOK_SECRET": "whsec_x"}, "whsec_"),
    (
        STRIPE | {"STRIPE_SECRET_KEY": f"sk_live_{KEY}", "STRIPE_API_URL": "http://127.0.0.1:12111"},
        "must be a test key",
    ),
    (STRIPE | {"STRIPE_API_URL": f"http://{KEY}.example"}, "not encrypted"),
    (STRIPE | {"STRIPE_API_URL": ""}, "STRIPE_API_URL"),
    (STRIPE | {"STRIPE_MODE": KEY}, "STRIPE_MODE"),
    (CONNECT | {"STRIPE_GUILDS": "7"}, "STRIPE_GUILDS"),
    (CONNECT | {"STRIPE_TRANSFERS": "true"}, "STRIPE_TRANSFERS"),
    (STRIPE | {"STRIPE_TRANSFERS": "true"}, "needs a live key"),
    (MANAGED | {"STRIPE_TAX_CODE": ""}, "STRIPE_TAX_CODE"),
    (MANAGED | {"STRIPE_TAX_CODE": "txcd_1"}, "STRIPE_TAX_CODE"),
    (STRIPE | {"STRIPE_LINE": "A donation: {coins}"}, "STRIPE_LINE"),
    (STRIPE | {"STRIPE_LINE": "{coins}: a Tip for Mia"}, "STRIPE_LINE"),
    (STRIPE | {"STRIPE_LINE": "gift credits"}, "{coins}"),
    (STRIPE | {"STRIPE_LINE": "{coins}" + "x" * 250}, "STRIPE_LINE"),
    (STRIPE | {"STRIPE_STATEMENT": "DONATION MIA"}, "STRIPE_STATEMENT"),
    (STRIPE | {"STRIPE_STATEMENT": "MIA*CREDITS"}, "STRIPE_STATEMENT"),
    (STRIPE | {"STRIPE_STATEMENT": "{guild} CREDITS"}, "STRIPE_STATEMENT"),
    (STRIPE | {"STRIPE_STATEMENT": "12345"}, "STRIPE_STATEMENT"),
    (STRIPE | {"STRIPE_STATEMENT": "X" * 23}, "STRIPE_STATEMENT"),
]


@pytest.mark.parametrize(("variables", "text"), WRONG, ids=[text for _, text in WRONG])
def test_a_wrong_setting_refuses_to_start_and_shows_no_value(surroundings, variables, text):
    with pytest.raises(SettingsError) as error:
        load(surroundings, variables)

    assert text in str(error.value)
    assert KEY not in str(error.value)
