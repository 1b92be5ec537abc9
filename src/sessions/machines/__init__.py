"""The machines that are known: families from data, treadmills that were remembered, profiles that were sealed.

    families.py    the families of ``devices/profiles/*.toml``, and which one a machine belongs to
    lookup.py      what is known of the machine behind an address: its sheet, its family, what is wrong
    known.py       the treadmills that a person gave a name
    sealed.py      the profiles that a qualification measured, each under its seal
    caution.py     what is not believed on one word
    page.py        the tables of docs/machines.md
    search.py      a search by a guardian of its own; heard.py: the names it heard
    listing.py     what was heard, for people and programs; card.py: all that is known of one machine
    allowance.py   what a machine allows now, and what it would after a qualification

All of it runs in the main process. The guardian is handed a ``devices.sheet.Sheet`` and nothing else.
"""
