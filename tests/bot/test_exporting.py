"""The owner's export over the wire: a zip of the books, for the owner alone, in the settings and at the terminal."""

import csv
import io
import zipfile
from pathlib import Path

from tests.bot.picking import part, pressable
from tests.operating import operate
from tests.rig import Rig


async def test_only_the_owner_gets_the_books_as_a_file(own_rig: Rig, tmp_path: Path) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await (await town.sam.slash("coins grant", member=town.mia.user, amount=50, reason="=1+1")).message()
    await (await town.mia.slash("gift", gift="Petal", creator=town.noor.user, anonymous=True)).message()
    panels = {}
    for person in (town.sam, town.olive):
        panel = await (await person.slash("settings")).message()
        panels[person] = await (await person.click(panel, "Staff roles")).message()
    offered = {person: "Export the books" in str([*pressable(panel)]) for person, panel in panels.items()}
    press = part(panels[town.olive], "Export the books")["custom_id"]
    answer = await (await town.olive.click(panels[town.olive], press)).message()

    assert offered == {town.sam: False, town.olive: True}
    assert answer.ephemeral_for == town.olive.user.id
    assert "Here are all 2 transactions, in CSV files." in answer.text
    assert "All sums agree with our records." in answer.text
    (file,) = answer.attachments
    assert file.filename == f"books-{town.guild.id}-2.zip"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    grant, gift = csv.DictReader(io.StringIO(files["journal.csv"]))
    assert (grant["by"], grant["other"], grant["note"]) == (str(town.sam.user.id), str(town.mia.user.id), "'=1+1")
    assert (gift["by"], gift["other"]) == ("anonymous", str(town.noor.user.id))
    target = tmp_path / "saved.zip"
    saved = operate(own_rig.database, "export", town.guild.id, target)
    assert saved.stdout == f"Saved the books of guild {town.guild.id} up to row 2: {target}\n"
    assert target.stat().st_size == len(file.data)
