"""Opens the pages that runs leave, as a browser shows them: what they say, and what they must not do."""

import csv
import pathlib
import re
import shutil
import sys
import tempfile

from browser import Browser, Page
from fleet import HOSTILE_MODELS, HOSTILE_NOTE, ROOT, Fleet

PICTURES = ROOT / ".build" / "pages"
A4, LETTER = (8.27, 11.69), (8.5, 11)


class Tally:
    def __init__(self):
        self.good, self.bad = 0, []

    def expect(self, what, found, wanted):
        if found == wanted:
            self.good += 1
        else:
            self.bad.append(f"{what}: expected {wanted!r}, found {found!r}")

    def hold(self, what, holds, found=""):
        self.expect(f"{what} {found}".strip(), bool(holds), True)


def rows_of(page):
    return page.run("[...document.querySelectorAll('#devices tbody tr')].map(r => [...r.cells].map(c => c.textContent))")


def found(page):
    return page.run("document.getElementById('found').textContent")


def search(page, text):
    page.run("document.getElementById('search').value = ''; document.getElementById('search').focus()")
    page.write(text)
    page.settle()


def check_look(page, name, tally):
    """Two widths, both schemes and paper: nothing sticks out, and the picture is kept."""
    colours = {}
    for scheme in ["light", "dark"]:
        for width in [1200, 400]:
            page.view(width, 900, scheme)
            page.run("scrollTo(0, 0)")
            page.screenshot(PICTURES / f"{name}-{width}-{scheme}.png")
            tally.hold(
                f"{name}: fits into {width} points",
                page.run("document.documentElement.scrollWidth <= window.innerWidth"))
        colours[scheme] = page.run("getComputedStyle(document.body).backgroundColor")
    tally.hold(f"{name}: dark is not light", colours["light"] != colours["dark"], colours)
    page.view(1200)
    sizes = [
        page_count(page.printed(PICTURES / f"{name}-{paper}.pdf", *size))
        for paper, size in [("a4", A4), ("letter", LETTER)]
    ]
    tally.hold(f"{name}: is printed", min(sizes) > 0, sizes)
    return sizes


def page_count(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


def check_names(page, name, tally):
    """A screen reader has one title, tables with heads, and a name for whatever can be looked at or used."""
    nodes = page.named_nodes()
    tally.expect(f"{name}: one heading of the page", page.run("document.querySelectorAll('h1').length"), 1)
    roles = {"image", "img", "button", "searchbox", "combobox", "region", "searchbox", "navigation", "search"}
    nameless = sorted({role for role, title in nodes if role in roles - {"search"} and not title})
    tally.expect(f"{name}: everything has a name", nameless, [])
    tally.expect(f"{name}: language", page.run("document.documentElement.lang"), "en")
    tally.expect(
        f"{name}: every table has column heads",
        page.run("[...document.querySelectorAll('table')].filter(t => !t.querySelector('thead th[scope=col]')).length"),
        0)


def check_small(browser, fleet, tally):
    folder = fleet.provision("small", fleet.devices("S", 10, slots=("pin", "data")), "--operator", "ayse")
    with Page(browser, folder / "report.html") as page:
        tally.expect("small: rows", len(rows_of(page)), 10)
        tally.expect("small: head", found(page), "10 rows")
        tally.hold("small: TEST in the title", page.run("document.title").startswith("TEST "))
        tally.hold("small: TEST on the page", page.run("document.querySelector('.banner').textContent.includes('TEST')"))
        tally.hold("small: the operator may sign", page.run("document.querySelector('.signatures').textContent.includes('ayse')"))
        check_names(page, "small", tally)
        check_look(page, "small", tally)
        tally.expect("small: quiet", page.complaints(), [])
    with Page(browser, folder / "report.html", scripts=False) as page:
        tree = page.named_nodes()
        tally.hold("small: can be read without its script", any("S-0000010" in title for _, title in tree))


def check_table(browser, fleet, tally):
    """Search, sort and pages, with the mouse's events and with the keyboard alone."""
    rows = list(fleet.devices("T", 998, models=("Portable-520", "Kiosk-200", "Countertop-310"), gap_after=200))
    taken = rows[4][1]
    rows += [("T-again", taken, "Kiosk-200", ""), ("bad name", next(fleet.numbers(1)), "Kiosk-200", "")]
    folder = fleet.provision("thousand", rows, "--keep-going", expect=(1,))
    with Page(browser, folder / "report.html") as page:
        tally.expect("thousand: head", found(page), "1,000 rows")
        tally.expect("thousand: first page", len(rows_of(page)), 50)
        search(page, "t-0000042")
        tally.expect("thousand: found", found(page), "1 of 1,000 rows")
        tally.expect("thousand: the row found", [row[1] for row in rows_of(page)], ["T-0000042"])
        search(page, "kiosk REJECTED")
        # T-0000005 has the number that another row asks for again, so it is rejected, too.
        tally.expect("thousand: two words", sorted(row[1] for row in rows_of(page)), ["T-0000005", "T-again", "bad name"])
        search(page, "no such device")
        tally.expect("thousand: nothing found", (found(page), rows_of(page)), ("0 of 1,000 rows", []))
        search(page, " ")
        page.run("{ const k = document.getElementById('kind'); k.value = 'rejected'; k.dispatchEvent(new Event('change')) }")
        # Of two rows with one number neither is provisioned.
        tally.expect("thousand: rejected only", found(page), "3 of 1,000 rows")
        page.run("{ const k = document.getElementById('kind'); k.value = ''; k.dispatchEvent(new Event('change')) }")
        check_sorting(page, tally)
        check_keyboard(page, tally)
        tally.hold(
            "thousand: gaps are drawn", page.run("document.querySelectorAll('.track .cut').length >= 4"))
        tally.hold("thousand: so are rejected numbers", page.run("document.querySelectorAll('.track .rejected').length > 0"))
        tally.hold(
            "thousand: why rows were rejected",
            page.run("document.querySelector('[aria-labelledby=causes-heading]').textContent.includes('same initial key')"))
        sizes = check_look(page, "thousand", tally)
        # Fifty rows to a page of the table, but all of them on paper.
        tally.hold("thousand: every row is printed", min(sizes) > 10, sizes)
        check_names(page, "thousand", tally)
        tally.expect("thousand: quiet", page.complaints(), [])


def check_sorting(page, tally):
    heads = page.run("[...document.querySelectorAll('#devices th')].map(h => h.textContent)")
    for title in ["Line", "Device", "Check value"]:
        column = heads.index(title)
        for direction in ["ascending", "descending"]:
            page.run(f"document.querySelectorAll('#devices th button')[{column}].click()")
            head = f"document.querySelectorAll('#devices th')[{column}]"
            tally.expect(f"sorted by {title}", page.run(f"{head}.getAttribute('aria-sort')"), direction)
            values = [row[column] for row in rows_of(page)]
            keys = [int(value) for value in values] if title == "Line" else [value.lower() for value in values]
            tally.expect(f"sorted by {title}, {direction}", keys, sorted(keys, reverse=direction == "descending"))
    page.run(f"document.querySelectorAll('#devices th button')[{heads.index('Line')}].click()")


def check_keyboard(page, tally):
    page.run("document.activeElement.blur()")
    page.key("/", text="/", number=191)
    tally.expect("the slash goes to the search", page.run("document.activeElement.id"), "search")
    focused = "document.activeElement.textContent"
    for _ in range(12):
        page.key("Tab", number=9)
        if page.run(focused) == "Device":
            break
    tally.expect("the tabulator goes to a column", page.run(focused), "Device")
    page.key("Enter", text="\r", number=13)
    tally.expect(
        "the enter key sorts", page.run("document.activeElement.closest('th').getAttribute('aria-sort')"), "ascending")
    page.run("document.querySelector('#pages [data-go=next]').focus()")
    page.key("Enter", text="\r", number=13)
    tally.expect("and turns pages", page.run("document.getElementById('where').textContent"), "Page 2 of 20")


def check_hostile(browser, fleet, tally):
    """What a manifest or an operator writes is text, wherever it stands."""
    rows = list(fleet.devices("H", 40, models=HOSTILE_MODELS))
    rows.append(("<svg onload=alert(6)>", "\"><script>alert(7)</script>", "x", "<b>"))
    folder = fleet.provision(
        "hostile", rows, "--keep-going", "--note", HOSTILE_NOTE, expect=(1,))
    with Page(browser, folder / "report.html") as page:
        page.settle()
        # Those who hover, focus and click are served as well.
        page.run("document.querySelectorAll('*').forEach(e => e.dispatchEvent(new Event('mouseover', {bubbles: true})))")
        tally.expect("hostile: quiet", page.complaints(), [])
        tally.expect("hostile: the page's one script", page.run("document.querySelectorAll('script').length"), 1)
        tally.expect("hostile: no element from outside", page.run("document.querySelectorAll('img, b:not(.figures b), svg[onload]').length"), 0)
        handlers = "[...document.querySelectorAll('*')].some(e => [...e.attributes].some(a => a.name.startsWith('on')))"
        tally.expect("hostile: no handler", page.run(handlers), False)
        table = page.run("document.getElementById('devices').textContent")
        groups = page.run("document.querySelector('.groups').textContent")
        for model in HOSTILE_MODELS:
            tally.hold(f"hostile: {model} in the table", model in table)
            tally.hold(f"hostile: {model} among the models", model in groups)
        text = page.run("document.body.textContent")
        tally.hold("hostile: the note is shown", "onload=alert(4) <\u0338img src=x onerror=alert(5)>" in text)
        tally.hold("hostile: nothing turns the direction", "\u202e" not in text)
        tally.hold("hostile: the rejected name", "<svg onload=alert(6)>" in table)
        check_look(page, "hostile", tally)


def check_reconciliation(browser, fleet, tally):
    """The five buckets, where they cluster, and the devices that are not confirmed."""
    rows = [*fleet.devices("R", 400, slots=("pin", "data")), ("bad name", "12", "Kiosk-200", "pin")]
    folder = fleet.provision("fleet", rows, "--keep-going", expect=(1,))
    returned = fleet.folder / "line 4 <b>.csv"
    with (folder / "check-values.csv").open(encoding="utf-8") as file:
        issued = [row for row in csv.DictReader(file) if row["status"] == "issued"]
    with returned.open("w", encoding="utf-8") as file:
        file.write("device_id,slot,kcv,status\n")
        for index, row in enumerate(issued):
            if 100 <= index < 120:
                continue
            value = issued[index - 2]["kcv"] if 200 <= index < 205 else row["kcv"]
            status = "\"</script><img src=x onerror=alert(9)>\"" if 300 <= index < 303 else "ok"
            file.write(f"{row['device_id']},{row['slot']},{value},{status}\n")
        file.write("STRANGER,pin,A1B2C3,ok\n")
    fleet.ipek("reconcile", str(folder), str(returned), "--operator", "mehmet", expect=(1,))
    with Page(browser, fleet.folder / "fleet.reconciliation.html") as page:
        tally.expect(
            "returns: buckets", page.run("[...document.querySelectorAll('.figures b')].map(b => b.textContent)"),
            ["401", "372", "5", "3", "20", "1", "1", "0"])
        tally.hold(
            "returns: their sum",
            page.run("document.querySelector('.figures').textContent.includes('372 + 5 + 3 + 20 + 1 = 401')"))
        tally.hold("returns: clusters", page.run("document.querySelectorAll('.clusters .missing').length") >= 5)
        tally.expect("returns: rows", found(page), "402 rows")
        for kind, count in [("not confirmed", 30), ("mismatch", 5), ("unexpected", 1)]:
            page.run(f"{{ const k = document.getElementById('kind'); k.value = '{kind}'; k.dispatchEvent(new Event('change')) }}")
            tally.expect(f"returns: {kind}", found(page), f"{count} of 402 rows")
        tally.expect("returns: who", rows_of(page)[0][1], "STRANGER")
        text = page.run("document.body.textContent")
        tally.hold("returns: a failure's words are text", "</script><img src=x onerror=alert(9)>" in text)
        check_names(page, "returns", tally)
        check_look(page, "returns", tally)
        tally.expect("returns: quiet", page.complaints(), [])


def check_large(browser, fleet, tally):
    """At 100,000 devices everything is there; one more, and the page sums up."""
    folder = fleet.provision("most", fleet.devices("L", 100_000))
    with Page(browser, folder / "report.html") as page:
        tally.expect("most: head", found(page), "100,000 rows")
        search(page, "l-0099999")
        page.settle()
        tally.expect("most: found", found(page), "1 of 100,000 rows")
        search(page, " ")
        page.run("document.querySelectorAll('#devices th button')[1].click()")
        page.run("document.querySelectorAll('#devices th button')[1].click()")
        tally.expect("most: the last one first", rows_of(page)[0][1], "L-0100000")
        tally.expect("most: quiet", page.complaints(), [])
    folder = fleet.provision("more", fleet.devices("M", 100_001))
    with Page(browser, folder / "report.html") as page:
        tally.expect("more: no table", page.run("document.getElementById('devices')"), None)
        text = page.run("document.querySelector('.rows').textContent")
        tally.hold("more: says why, and where they are", "100,001 devices" in text and "check-values.csv" in text, text)
        tally.hold("more: sums up", "100,001" in page.run("document.querySelector('.figures').textContent"))
        tally.hold("more: stays small", (folder / "report.html").stat().st_size < 100_000)
        check_look(page, "more", tally)
        tally.expect("more: quiet", page.complaints(), [])


def main():
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="ipek-pages-") as folder, Browser() as browser:
        fleet = Fleet(pathlib.Path(folder))
        for check in [check_small, check_table, check_hostile, check_reconciliation, check_large]:
            check(browser, fleet, tally)
    for fault in tally.bad:
        print(f"pages: {fault}", file=sys.stderr)
    print(f"pages: {tally.good} good, {len(tally.bad)} bad; pictures in {PICTURES.relative_to(ROOT)}")
    return 1 if tally.bad else 0


sys.exit(main())
