from corridor.learn.catalog.topics import TopicLookup

SCIENCE, PHYSICS, OPTICS, ENGINEERING = 1, 2, 3, 4
LOOKUP = TopicLookup(
    by_name={"science & math": SCIENCE, "physics": PHYSICS, "optics": OPTICS, "engineering": ENGINEERING},
    mapped={("ocw", "light"): frozenset([OPTICS, ENGINEERING]), ("ocw", "engineering"): frozenset([PHYSICS])},
    parents={PHYSICS: SCIENCE, OPTICS: PHYSICS},
)


def test_a_word_means_what_its_unit_means_by_it() -> None:
    assert LOOKUP.topics(["Light"], "ocw") == {OPTICS, PHYSICS, SCIENCE, ENGINEERING}
    assert LOOKUP.topics(["Light"], "mitx") == frozenset()


def test_the_units_meaning_goes_before_our_own_name() -> None:
    assert LOOKUP.topics(["Engineering"], "ocw") == {PHYSICS, SCIENCE}
    assert LOOKUP.topics(["Engineering"], "mitx") == {ENGINEERING}


def test_names_compare_without_case_and_space() -> None:
    assert LOOKUP.topics(["  PHYSICS "], "") == {PHYSICS, SCIENCE}


def test_unknown_words_are_dropped() -> None:
    assert LOOKUP.topics(["Alchemy", "", "Optics"], "ocw") == {OPTICS, PHYSICS, SCIENCE}
