"""Staff take back what was sent, after they have seen what that will do."""

from tests import books
from tests.rig import Rig, Town


async def test_a_manager_sees_what_a_reversal_will_do_confirms_and_it_is_done_once(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor, count=3)

    panel = await (await town.sam.slash("coins reverse", raw=True, receipt=2, reason="a *wrong* one")).message()
    question = panel.text
    wallet_before = await (await town.mia.slash("balance")).message()
    (confirm,) = [
        part["label"] for row in panel.components for part in row["components"] if part["label"].startswith("Reverse")
    ]
    clicks = [await town.sam.click(panel, confirm), await town.sam.click(panel, confirm)]
    for click in clicks:
        await click.wait_for_answer()
    wallet_after = await (await town.mia.slash("balance")).message()
    creators_wallet = await (await town.noor.slash("balance")).message()
    again = await (await town.sam.slash("coins reverse", raw=True, receipt=2, reason="again")).message()

    assert f"**+3** 🪙 <@{town.mia.user.id}>" in question
    assert "97" in wallet_before.text
    assert "Receipt #2 reversed" in panel.text
    assert "100" in wallet_after.text
    assert "a \\*wrong\\* one" in wallet_after.text
    assert "already been reversed" in again.text
    assert books.rows(rig.database, "SELECT kind, count(*) FROM journal GROUP BY kind ORDER BY kind") == [
        ("gift", 1), ("grant", 1), ("reversal", 1),
    ]  # fmt: skip
    assert creators_wallet.text
